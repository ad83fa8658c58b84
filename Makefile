# proffer: `make help` lists what can be made. V=1 shows the commands.

VERSION := 0.1.0
VERSION_DATE := 2026-11-27
BUILD ?= build
CC ?= gcc
CXX ?= g++
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CXX),default)
CXX := g++
endif
prefix ?= /usr/local
bindir ?= $(prefix)/bin
datadir ?= $(prefix)/share/proffer
mandir ?= $(prefix)/share/man
sharedir ?= $(prefix)/share
INSTALL ?= install

PKGS := gsl jansson xlsxwriter simdjson libzstd libcrypto libhs
OPT ?= -O3 -g
HARDEN ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
HARDEN_LD ?= -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Wvla -Werror=implicit-fallthrough
WARN_C := $(WARN) -Wstrict-prototypes -Wmissing-prototypes

# SAN=1: AddressSanitizer and UndefinedBehaviorSanitizer, in a folder of its own. What is read without
# having been set has one value, so that it fails in each run or in none.
ifdef SAN
BUILD := build/asan
OPT := -O1 -g1 -fno-omit-frame-pointer
HARDEN := -fsanitize=address,undefined -fno-sanitize-recover=all -ftrivial-auto-var-init=pattern -fPIE
HARDEN_LD := -fsanitize=address,undefined -pie
endif

# pkg-config is asked only once the packages are there (`make deps`); see the README for each.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)

CPPFLAGS += -I. -D_GNU_SOURCE -DPROFFER_VERSION='"$(VERSION)"' -DPROFFER_DATE='"$(VERSION_DATE)"'
C_FLAGS = -std=c17 $(OPT) $(HARDEN) $(WARN_C) -include base/banned.h $(PKG_CFLAGS) $(CFLAGS)
CXX_FLAGS = -std=c++17 $(OPT) $(HARDEN) $(WARN) $(PKG_CFLAGS) $(CXXFLAGS)
LIBS = $(PKG_LIBS) -lroaring -lutf8proc -lstemmer -lisal -lgmp -lsqlite3 -lstdc++ -lpthread -lm

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)';)

LIB_DIRS := base stats queries queries/logs queries/text queries/catalogue release report report/answers
LIB_SRC := $(sort $(wildcard $(LIB_DIRS:%=%/*.c)))
LIB_CXX := $(sort $(wildcard queries/logs/*.cc))
CLI_SRC := $(sort $(wildcard cli/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SRC := $(sort $(wildcard tests/bench/bench*.c))
SUPPORT_SRC := $(sort $(wildcard tests/support/*.c))

LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o) $(LIB_CXX:%.cc=$(BUILD)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/%.o)
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(BUILD)/%.o)
UNIT_BIN := $(UNIT_SRC:%.c=$(BUILD)/%)
FUZZ_BIN := $(FUZZ_SRC:%.c=$(BUILD)/%)
BENCH_BIN := $(BENCH_SRC:%.c=$(BUILD)/%)
LIBRARY := $(BUILD)/libproffer.a
PROGRAM := $(BUILD)/proffer
MAKE_LOGS := $(BUILD)/examples/make_logs
FAULT_PROGRAM := $(BUILD)/tests/faults/proffer-faults

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

.PHONY: all
all: $(PROGRAM) $(MAKE_LOGS) ## build the program and the example generator

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(PROGRAM): $(CLI_OBJ) $(LIBRARY)
	$(call say,LINK,$@)$(CXX) $(HARDEN_LD) -o $@ $(CLI_OBJ) $(LIBRARY) $(LIBS) $(LDFLAGS)

$(LIBRARY): $(LIB_OBJ)
	$(call say,AR,$@)rm -f $@ && ar rcs $@ $(LIB_OBJ)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(C_FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.cc
	@mkdir -p $(@D)
	$(call say,CXX,$<)$(CXX) $(CPPFLAGS) $(CXX_FLAGS) -MMD -MP -c -o $@ $<

# libxlsxwriter's headers define macros over banned calls: they come before the ban.
$(patsubst %.c,$(BUILD)/%.o,$(wildcard report/xlsx_*.c tests/unit/test_report_xlsx.c)): CPPFLAGS += -include xlsxwriter.h

# It holds the templates' bytes.
$(BUILD)/cli/template.o: $(wildcard templates/*.json templates/*/*)

$(MAKE_LOGS): $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard examples/make_logs*.c))) $(LIBRARY)
	$(call say,LINK,$@)$(CXX) $(HARDEN_LD) -o $@ $^ $(LIBS) $(LDFLAGS)

# Unit tests are names of one program, which is linked once (tests/support/unit_program.h), with the
# parts of the command line that they test. Those that make up a release's figures (fake_release.h)
# define what the library does, and are programs of their own.
UNIT_APART := $(patsubst %,$(BUILD)/tests/unit/test_%,answers_noise answers_samples answers_series \
	answers_tree answers_unlike report_draft)
UNIT_NAMES := $(filter-out $(UNIT_APART),$(UNIT_BIN))
UNIT_CLI := $(patsubst %,$(BUILD)/cli/%.o,keyed logs_then meter relations_again shown_sets told_ledger \
	told_queries told_sums withheld_before)
$(UNIT_NAMES:%=%.o): CPPFLAGS += -DUNIT_PROGRAM=$(*F) -include tests/support/unit_program.h
$(BUILD)/tests/unit/programs: $(BUILD)/tests/unit/programs.o $(UNIT_NAMES:%=%.o) $(UNIT_CLI)
$(UNIT_APART): $(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o
$(BUILD)/tests/unit/programs $(UNIT_APART): $(SUPPORT_OBJ) $(LIBRARY)
	$(call say,LINK,$@)$(CXX) $(HARDEN_LD) -o $@ $(filter %.o,$^) $(LIBRARY) -lcmocka -lglpk $(LIBS) $(LDFLAGS)
$(UNIT_NAMES): $(BUILD)/tests/unit/programs
	@ln -sf programs $@

# Fuzzers: here with a driver that runs files; `make fuzz` builds them with libFuzzer.
FUZZ_DRIVER ?= $(BUILD)/tests/fuzz/driver.o
$(BUILD)/tests/fuzz/fuzz_matcher: $(addprefix $(BUILD)/tests/support/,term_random.o \
	term_reference.o text_random.o)
$(BUILD)/tests/fuzz/fuzz_overlap: $(addprefix $(BUILD)/tests/support/,overlap_reference.o \
	text_random.o)
$(FUZZ_BIN): $(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(FUZZ_DRIVER) $(LIBRARY)
	$(call say,LINK,$@)$(CXX) $(HARDEN_LD) -o $@ $(filter %.o,$^) $(LIBRARY) $(LIBS) $(LDFLAGS)

$(BUILD)/tests/coverage_table: $(addprefix $(BUILD)/tests/,coverage_table.o support/coverage.o support/simulation.o) $(LIBRARY)
	$(call say,LINK,$@)$(CXX) $(HARDEN_LD) -o $@ $^ $(LIBS) $(LDFLAGS)

$(BENCH_BIN): $(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(LIBRARY)
	$(call say,LINK,$@)$(CXX) $(HARDEN_LD) -o $@ $^ $(LIBS) $(LDFLAGS)

# The program once more, its calls of libc handed to tests/faults by the linker.
WRAPPED = $(patsubst __wrap_%,%,$(shell grep -o '__wrap_[A-Za-z0-9_]*' tests/faults/wrapped.h | grep -v '_NAME$$'))
$(FAULT_PROGRAM): $(BUILD)/tests/faults/faults.o $(CLI_OBJ) $(LIBRARY) tests/faults/wrapped.h
	$(call say,LINK,$@)$(CXX) $(HARDEN_LD) $(WRAPPED:%=-Wl,--wrap=%) -o $@ $(filter-out %.h,$^) \
		$(LIBS) $(LDFLAGS)

.PHONY: test-programs
test-programs: all $(UNIT_BIN) $(FUZZ_BIN) $(FAULT_PROGRAM)

# All that test-programs compiles, linked no further than the program: what another compiler says.
.PHONY: test-objects
test-objects: all $(SUPPORT_OBJ) $(UNIT_BIN:%=%.o) $(FUZZ_BIN:%=%.o) $(BENCH_BIN:%=%.o) \
	$(addprefix $(BUILD)/tests/,unit/programs.o fuzz/driver.o faults/faults.o coverage_table.o)

# ---- packages -----------------------------------------------------------------------------------

BUILD_PACKAGES := gcc g++ libc6-dev pkg-config libgsl-dev libjansson-dev libxlsxwriter-dev \
	libsimdjson-dev libroaring-dev libutf8proc-dev libstemmer-dev libzstd-dev libisal-dev libssl-dev \
	libgmp-dev libsqlite3-dev libxxhash-dev libhyperscan-dev zlib1g-dev
TEST_PACKAGES := $(BUILD_PACKAGES) libcmocka-dev libglpk-dev python3 python3-jsonschema python3-openpyxl \
	unzip gzip zstd
# What looks at the reports; tests that want it are skipped without it.
RENDER_PACKAGES := libreoffice-calc poppler-utils chromium
CHECK_PACKAGES := $(TEST_PACKAGES) $(RENDER_PACKAGES) clang libclang-rt-14-dev

.PHONY: deps
deps: ## install the missing Debian packages for building
	@sh tests/packages $(BUILD_PACKAGES)
.PHONY: test-deps
test-deps: ## install the missing Debian packages for the tests
	@sh tests/packages $(TEST_PACKAGES)
.PHONY: check-deps
check-deps:
	@sh tests/packages $(CHECK_PACKAGES)

# ---- the two commands of the README -------------------------------------------------------------

.PHONY: demo
demo: deps ## install, build, make example logs, run the example plan, show what it says
	$(Q)$(MAKE) --no-print-directory all
	$(Q)sh examples/demo $(BUILD)

.PHONY: test
test: test-deps ## install, build and run every test
	$(Q)$(MAKE) --no-print-directory test-programs
	$(Q)bash tests/run $(BUILD) $(ONLY)

.PHONY: test-short
test-short: ## the quick tests alone (used with SAN=1)
	$(Q)$(MAKE) --no-print-directory test-programs
	$(Q)SHORT=1 bash tests/run $(BUILD) $(ONLY)

.PHONY: bless
bless: all ## rewrite the expected outputs of the command-line cases after looking at them
	$(Q)BLESS=1 bash tests/run $(BUILD) cli

.PHONY: bench-programs
bench-programs: all $(BENCH_BIN)

.PHONY: bench
bench: ## measure speed and memory; prints a table
	$(Q)$(MAKE) --no-print-directory bench-programs
	$(Q)bash tests/bench/run $(BUILD)

.PHONY: coverage-table
coverage-table: ## print how often the bounds of each interval method hold
	$(Q)$(MAKE) --no-print-directory $(BUILD)/tests/coverage_table
	$(Q)$(BUILD)/tests/coverage_table

.PHONY: bench-peers
bench-peers: ## install what `make bench` compares with, where it can be had
	@sh tests/packages ripgrep
	@command -v npm >/dev/null || { echo "npm is wanted for ClickHouse and DuckDB: apt-get install npm" >&2; exit 1; }
	$(Q)npm install --no-audit --no-fund --prefix $(BUILD)/peers chdb @duckdb/node-api

.PHONY: fuzz
fuzz: ## fuzz every parser for FUZZ_SECONDS (60) each, with clang's libFuzzer
	$(Q)$(MAKE) --no-print-directory BUILD=build/fuzz CC=clang CXX=clang++ \
		FUZZ_DRIVER= HARDEN='-fsanitize=fuzzer-no-link,address,undefined -fPIE' \
		HARDEN_LD='-fsanitize=fuzzer,address,undefined -pie' OPT='-O1 -g' fuzz-programs
	$(Q)for f in build/fuzz/tests/fuzz/fuzz_*; do case $$f in *.*) continue;; esac; \
		n=$$(basename $$f); mkdir -p build/fuzz/corpus/$$n; \
		$$f -max_total_time=$${FUZZ_SECONDS:-60} -timeout=20 build/fuzz/corpus/$$n \
		$$(test -d tests/fuzz/corpus/$$n && echo tests/fuzz/corpus/$$n) || exit 1; done
.PHONY: fuzz-programs
fuzz-programs: $(FUZZ_BIN)

.PHONY: format
format: ## rewrite the sources with clang-format
	$(Q)git ls-files '*.c' '*.h' '*.cc' | xargs clang-format -i

.PHONY: tidy
tidy: ## run clang-tidy over the sources
	$(Q)clang-tidy --quiet $(LIB_SRC) $(CLI_SRC) -- $(CPPFLAGS) -std=c17 $(PKG_CFLAGS)

# ---- installing ---------------------------------------------------------------------------------

COMPLETIONS := bash-completion/completions zsh/site-functions fish/vendor_completions.d

.PHONY: install
install: all ## install into DESTDIR/prefix
	$(Q)$(INSTALL) -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(datadir)/templates'
	$(Q)$(INSTALL) -m 755 $(PROGRAM) '$(DESTDIR)$(bindir)/proffer'
	$(Q)for f in $(wildcard templates/*.* templates/*/*); do \
		$(INSTALL) -D -m 644 $$f '$(DESTDIR)$(datadir)/'$$f || exit 1; done
	$(Q)$(INSTALL) -d '$(DESTDIR)$(mandir)/man1' $(COMPLETIONS:%='$(DESTDIR)$(sharedir)/%')
	$(Q)$(PROGRAM) manual >'$(DESTDIR)$(mandir)/man1/proffer.1'
	$(Q)for c in $$($(PROGRAM) --help | awk '/^exit/{exit} /^  [a-z]+ /&&$$1!="proffer"{print $$1}'); do \
		$(PROGRAM) manual $$c >'$(DESTDIR)$(mandir)/man1'/proffer-$$c.1 || exit 1; done
	$(Q)$(PROGRAM) completion bash >'$(DESTDIR)$(sharedir)/bash-completion/completions/proffer'
	$(Q)$(PROGRAM) completion zsh >'$(DESTDIR)$(sharedir)/zsh/site-functions/_proffer'
	$(Q)$(PROGRAM) completion fish >'$(DESTDIR)$(sharedir)/fish/vendor_completions.d/proffer.fish'
	$(Q)chmod 644 '$(DESTDIR)$(mandir)/man1'/proffer*.1 \
		'$(DESTDIR)$(sharedir)/bash-completion/completions/proffer' \
		'$(DESTDIR)$(sharedir)/zsh/site-functions/_proffer' \
		'$(DESTDIR)$(sharedir)/fish/vendor_completions.d/proffer.fish'

.PHONY: uninstall
uninstall: ## remove what install put there
	$(Q)rm -f '$(DESTDIR)$(bindir)/proffer'
	$(Q)rm -rf '$(DESTDIR)$(datadir)'
	$(Q)rm -f '$(DESTDIR)$(mandir)/man1/proffer.1' '$(DESTDIR)$(mandir)/man1'/proffer-*.1 \
		'$(DESTDIR)$(sharedir)/bash-completion/completions/proffer' \
		'$(DESTDIR)$(sharedir)/zsh/site-functions/_proffer' \
		'$(DESTDIR)$(sharedir)/fish/vendor_completions.d/proffer.fish'

.PHONY: clean
clean: ## remove what was built
	$(Q)rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
