# Runs one job of the sim flow: `make -f sim.mk TARGET name=value ...`, as a DVSim flow config asks for through its
# flow_makefile. It knows no tool and no design: every command comes in a variable.
#
# Values are shell text, as in DVSim: *_cmd and *_opts may hold several words and their own quotes. Directories are taken
# literally. Variables this file does not name are allowed and have no effect.
#
#   build        proj_root, build_dir, pre_build_cmds, sv_flist_gen_cmd, sv_flist_gen_opts, sv_flist_gen_dir, build_cmd,
#                build_opts, post_build_cmds
#   run          run_dir, pre_run_cmds, run_cmd, run_opts, post_run_cmds
#   cov_merge    cov_merge_cmd, cov_merge_opts
#   cov_report   cov_report_cmd, cov_report_opts

include $(dir $(lastword $(MAKEFILE_LIST)))words.mk

.DEFAULT_GOAL := help
.PHONY: help build run cov_merge cov_report

help:
	@echo "usage: make -f sim.mk build|run|cov_merge|cov_report name=value ..."

build:
	$(call need,build_dir,build)$(call need,build_cmd,build)@mkdir -p $(call quote,$(build_dir))
	$(call in_dir,$(build_dir),$(pre_build_cmds))
	$(call in_dir,$(build_dir),$(if $(strip $(sv_flist_gen_cmd)),$(sv_flist_gen_cmd) $(sv_flist_gen_opts)))
	$(call in_dir,$(or $(strip $(sv_flist_gen_dir)),$(build_dir)),$(build_cmd) $(build_opts))
	$(call in_dir,$(build_dir),$(post_build_cmds))

run:
	$(call need,run_dir,run)$(call need,run_cmd,run)@mkdir -p $(call quote,$(run_dir))
	$(call in_dir,$(run_dir),$(pre_run_cmds))
	$(call in_dir,$(run_dir),$(run_cmd) $(run_opts))
	$(call in_dir,$(run_dir),$(post_run_cmds))

cov_merge:
	$(call need,cov_merge_cmd,cov_merge)$(cov_merge_cmd) $(cov_merge_opts)

cov_report:
	$(call need,cov_report_cmd,cov_report)$(cov_report_cmd) $(cov_report_opts)
