# What the makefiles of the examples share: how values become shell words and commands. It has no targets.

SHELL := /bin/sh

# One literal word for the shell, whatever is in it.
quote = '$(subst ','\'',$(1))'

# Runs commands in a directory, or nothing when there are none. $(1) directory, $(2) commands
in_dir = $(if $(strip $(2)),cd $(call quote,$(1)) || exit 1; $(2),@:)

# Fails with a message when a variable is empty. $(1) variable, $(2) target
need = $(if $(strip $($(1))),,$(error $(2): the variable $(1) is missing))
