# Runs one job of the lint flow: `make -f lint.mk build name=value ...`, as a DVSim flow config asks for through its
# flow_makefile. It knows no tool and no design. Values are shell text, as in sim.mk; directories and files are literal.
#
#   build        build_dir, build_log, pre_build_cmds, sv_flist_gen_cmd, sv_flist_gen_opts, build_cmd, build_opts,
#                post_build_cmds, report_cmd, report_opts
#
# A linter that found something ends with an exit code of its own. What counts is what the report makes of its log, so the
# code is only noted at the log's end.

include $(dir $(lastword $(MAKEFILE_LIST)))words.mk

.DEFAULT_GOAL := help
.PHONY: help build

help:
	@echo "usage: make -f lint.mk build name=value ..."

build:
	$(call need,build_dir,build)$(call need,build_log,build)$(call need,build_cmd,build)$(call need,report_cmd,build)@mkdir -p $(call quote,$(build_dir))
	$(call in_dir,$(build_dir),$(pre_build_cmds))
	$(call in_dir,$(build_dir),$(if $(strip $(sv_flist_gen_cmd)),$(sv_flist_gen_cmd) $(sv_flist_gen_opts)))
	$(call in_dir,$(build_dir),{ $(build_cmd) $(build_opts); echo "exit code $$?"; } >$(call quote,$(build_log)) 2>&1)
	$(call in_dir,$(build_dir),$(post_build_cmds))
	$(call in_dir,$(build_dir),$(report_cmd) $(report_opts))
