# guanxi. `make` builds build/guanxi; `make help` lists the rest.
#
# VARIANT=asan|tsan|debug builds into build/VARIANT, CC=clang into build/clang. Warnings are errors with
# the two compilers the flags were chosen for and plain with any other, so that a newer compiler with
# new opinions still builds.

ifeq ($(origin CC),default)
CC := gcc
endif
PKG_CONFIG ?= pkg-config
VARIANT ?=

is_clang := $(findstring clang,$(shell $(CC) --version 2>/dev/null | head -n 1))
cc_major := $(firstword $(subst ., ,$(shell $(CC) -dumpversion 2>/dev/null)))

ifneq ($(VARIANT),)
BUILD := build/$(VARIANT)$(if $(is_clang),-clang)
else
BUILD := build$(if $(is_clang),/clang)
endif

# ---- flags

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
    -Wmissing-prototypes -Wold-style-definition -Wundef -Wvla -Wformat=2 -Wcast-qual -Wwrite-strings \
    -Wpointer-arith -Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference -Wunused-const-variable \
    -Wredundant-decls -Wdouble-promotion
ifneq ($(is_clang),)
WARN += -Wmissing-variable-declarations
else
WARN += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wframe-larger-than=16384
endif
ifneq ($(filter gcc-12 clang-14,$(if $(is_clang),clang,gcc)-$(cc_major)),)
WERROR ?= -Werror
endif

OPTIMISE := -O2 -D_FORTIFY_SOURCE=2
# In these each piece of an arena is its own malloc, so that a sanitizer sees its ends.
ifeq ($(VARIANT),asan)
OPTIMISE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -DARENA_SINGLY
WARN := $(filter-out -Wframe-larger-than=16384 -Wnull-dereference,$(WARN))
else ifeq ($(VARIANT),tsan)
OPTIMISE := -O1 -fsanitize=thread -fno-omit-frame-pointer
WARN := $(filter-out -Wframe-larger-than=16384 -Wnull-dereference,$(WARN))
else ifeq ($(VARIANT),debug)
OPTIMISE := -O0 -DARENA_SINGLY
else ifneq ($(VARIANT),)
$(error VARIANT is asan, tsan or debug, not $(VARIANT))
endif

PACKAGES := libmicrohttpd jansson sqlite3 libsodium libcurl libpq
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)

CFLAGS ?= -g
BASE_CFLAGS := -std=c17 -D_GNU_SOURCE -Isrc -include base/banned.h $(OPTIMISE) -fstack-protector-strong \
    -fPIE -pthread -fno-common $(WARN) $(WERROR) $(PACKAGE_CFLAGS)
BASE_LDFLAGS := -pie -Wl,-z,relro,-z,now -pthread $(filter -fsanitize=%,$(OPTIMISE))
LIBS := $(PACKAGE_LIBS) -lm
# malloc is for base alone; tests may do as they like.
MAY_ALLOCATE := -DGUANXI_MAY_ALLOCATE

# ---- sources

SOURCES := $(sort $(shell find src -name '*.c' ! -path src/main.c 2>/dev/null))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/gen/migrations.o $(BUILD)/gen/assets.o $(BUILD)/gen/story.o \
    $(BUILD)/gen/letters.o
LIBRARY := $(BUILD)/libguanxi.a
MAIN := $(wildcard src/main.c)
PROGRAM := $(if $(MAIN),$(BUILD)/guanxi)

MIGRATIONS := $(sort $(wildcard src/db/migrations/*.sql))
WEB_SOURCES := $(if $(wildcard web/package.json),$(shell find web -type f ! -path '*/node_modules/*' ! -path 'web/dist/*'))
WEB_BUILT := $(if $(WEB_SOURCES),web/dist/.built)

# Each .c in a folder of tests/ is a program of its own; what they use of tests/support is linked to them.
TEST_SUPPORT := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/support/*.c)))
TEST_LIBRARY := $(BUILD)/tests/support.a
TEST_SOURCES := $(sort $(filter-out tests/support/% tests/fuzz/%,$(wildcard tests/*/*.c)))
TESTS := $(TEST_SOURCES:%.c=$(BUILD)/%)
UNIT_TESTS := $(filter $(BUILD)/tests/unit/%,$(TESTS))
FUZZERS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(sort $(wildcard tests/fuzz/*.c)))
TIDY_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tools/tidy/*.c)))
TOOLS := $(BUILD)/tidy

# ---- targets

.PHONY: all web apitypes openapi tests fillers quick test citus demo soak fuzz fuzzers other warnings lint bench clean help bootstrap
.DELETE_ON_ERROR:
.SECONDARY:

all: $(LIBRARY) $(PROGRAM)

web: $(WEB_BUILT)

# The types of the interface follow the operations; `make test` tells when they do not. The program is built with the
# interface as it was: pages that use a new member compile only afterwards.
apitypes:
	@$(MAKE) --no-print-directory WEB_BUILT= $(PROGRAM)
	@sh tools/apitypes $(PROGRAM)

# What docs/openapi.json says follows the operations, too.
openapi: all
	@sh tools/openapi $(PROGRAM)

# What fills databases for benchmarks has to fit the schema: part `fits` of tools/check.
FILLERS = $(addprefix $(BUILD)/bench/,bare fill names)
tests: all $(TESTS) $(TOOLS)
fillers: $(FILLERS)

help:
	@echo 'make           build $(BUILD)/guanxi'
	@echo 'make web       the web interface alone, into web/dist'
	@echo 'make apitypes  the types of the web interface, from the operations'
	@echo 'make openapi   docs/openapi.json, from the operations'
	@echo 'make quick     tidy and unit tests, under a minute'
	@echo 'make test      everything (40 minutes on two cores)'
	@echo 'make citus     tests on a PostgreSQL with the extension citus, where there is one'
	@echo 'make demo      a database worth looking at, served'
	@echo 'make fuzz      the parsers under libFuzzer, FUZZ_S seconds each'
	@echo 'make lint      clang-tidy over FILES, all of src when none are named (half an hour)'
	@echo 'make soak      the long searches, for hours'
	@echo 'make bench     measures; bench/web/run measures the interface in Chromium'
	@echo 'tools/shots    takes the pictures of docs/img again'
	@echo 'make clean'

bootstrap:
	@sh tools/bootstrap build

# What they lack is installed first, so that a fresh machine needs this one word.
quick: all $(UNIT_TESTS) $(TOOLS) warnings
	@sh tools/check --build $(BUILD) tidy unit

# What clang warns of, without code: each file once after it or a header of it changed.
CLANG := $(if $(is_clang),,$(shell command -v clang 2>/dev/null))
CLANG_CFLAGS := $(filter-out -W%,$(BASE_CFLAGS)) $(filter-out -Wlogical-op -Wduplicated-cond -Wduplicated-branches \
    -Wframe-larger-than=16384,$(WARN)) -Wmissing-variable-declarations -Werror
WARNED := $(if $(CLANG),$(patsubst %.c,$(BUILD)/warned/%.ok,$(SOURCES) $(MAIN)))
warnings: $(WARNED)

test:
	@sh tools/bootstrap build test
	@sh tools/bootstrap browser || echo 'The browser journeys will be skipped.'
	@$(MAKE) --no-print-directory -s -j2 tests fillers
	@sh tools/check --build $(BUILD)

demo: bootstrap
	@$(MAKE) --no-print-directory -s -j2 all
	@if [ -f demo/run ]; then sh demo/run $(BUILD)/guanxi; else echo 'There is no demo/run in this tree.'; exit 1; fi

soak: tests
	@if [ -f tests/soak ]; then sh tests/soak $(BUILD); else echo 'There is no tests/soak in this tree.'; fi

# Where PostgreSQL has the extension citus, or GUANXI_CITUS_URL names a coordinator.
citus: all
	@sh tests/pg/citus $(BUILD)

bench: all $(FILLERS) $(addprefix $(BUILD)/bench/,load page receivables)
	@sh bench/run $(BUILD)

FUZZ_S ?= 30
fuzz:
	@sh tools/bootstrap build fuzz
	@$(MAKE) --no-print-directory -s -j2 fuzzers
	@sh tests/fuzz/run $(FUZZ_S) $(FUZZERS)

fuzzers: $(FUZZERS)

# FILES: those to look at.
FILES ?= $(SOURCES) $(MAIN)
lint:
	@printf '%s\n' $(FILES) | xargs -P 2 -I FILE clang-tidy --quiet FILE -- -std=c17 -D_GNU_SOURCE -Isrc \
	    -include base/banned.h $(MAY_ALLOCATE) $(PACKAGE_CFLAGS)

# Every file past the other compiler, whose warnings differ.
other:
	@$(MAKE) --no-print-directory -s -j2 CC=$(if $(is_clang),gcc,clang) tests
	@echo '1 passed, 0 failed'

clean:
	rm -rf build web/dist

# ---- rules

# Changes when compiler or flags do, so that no object of other flags is taken for current.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(BASE_CFLAGS) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(BASE_CFLAGS) $(CFLAGS)' > $@
.PHONY: FORCE

$(LIBRARY): $(OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/guanxi: $(BUILD)/src/main.o $(LIBRARY)
	$(CC) $(CFLAGS) $(BASE_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/src/base/%.o: src/base/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) $(MAY_ALLOCATE) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/src/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) $(MAY_ALLOCATE) -Itests $(CFLAGS) -MMD -MP -c -o $@ $<

$(TEST_LIBRARY): $(TEST_SUPPORT)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(TEST_LIBRARY) $(LIBRARY)
	$(CC) $(CFLAGS) $(BASE_LDFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS)

$(BUILD)/tools/tidy/%.o: tools/tidy/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(BASE_CFLAGS) -Itools/tidy $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tidy: $(TIDY_OBJECTS) $(LIBRARY)
	$(CC) $(CFLAGS) $(BASE_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# ICU is asked at build time alone; what it said is linked.
$(BUILD)/letters: tools/letters.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -D_GNU_SOURCE -O2 $(WARN) $(WERROR) $(shell $(PKG_CONFIG) --cflags icu-i18n 2>/dev/null) -o $@ $< \
	    $(shell $(PKG_CONFIG) --libs icu-i18n 2>/dev/null)

$(BUILD)/gen/letters.c: $(BUILD)/letters
	@mkdir -p $(@D)
	@$< > $@

BENCH_CFLAGS = $(filter-out -include base/banned.h,$(BASE_CFLAGS))
$(BUILD)/bench/%: bench/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(BENCH_CFLAGS) $(CFLAGS) $(BASE_LDFLAGS) -o $@ $< $(LIBS)

$(BUILD)/bench/fill: $(wildcard bench/fill/*) $(LIBRARY) $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(BENCH_CFLAGS) -Ibench $(CFLAGS) $(BASE_LDFLAGS) -o $@ $(filter %.c,$^) $(LIBRARY) $(LIBS)

build/fuzz/%: tests/fuzz/%.c $(SOURCES) $(wildcard src/*/*.h) build/gen/letters.c
	@mkdir -p $(@D)
	clang -std=c17 -D_GNU_SOURCE -Isrc -include base/banned.h $(MAY_ALLOCATE) -DARENA_SINGLY -g -O1 \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined $(PACKAGE_CFLAGS) \
	    -o $@ $< $(wildcard src/base/*.c) build/gen/letters.c $(PACKAGE_LIBS) -lm

$(BUILD)/warned/%.ok: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@$(CLANG) $(CLANG_CFLAGS) $(if $(filter src/base/%,$<),$(MAY_ALLOCATE)) -fsyntax-only -MMD -MP -MT $@ -MF $(@:.ok=.d) $<
	@touch $@

# ---- what is embedded

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags
	$(CC) $(BASE_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/gen/migrations.c: $(MIGRATIONS) $(wildcard src/db/migrations) tools/embed
	@mkdir -p $(@D)
	@sh tools/embed migrations $(MIGRATIONS) > $@

$(BUILD)/gen/assets.c: $(WEB_BUILT) tools/embed
	@mkdir -p $(@D)
	@sh tools/embed assets web/dist > $@

$(BUILD)/gen/story.c: demo/story.ndjson tools/embed
	@mkdir -p $(@D)
	@sh tools/embed text edge/demo/demo.h demo_story $< > $@

# `npm run build` writes web/dist; scripts of packages stay off.
web/dist/.built: $(WEB_SOURCES)
	@command -v npm >/dev/null || { \
	    echo 'The web interface needs npm (Node 18 or newer): apt install nodejs npm, or make bootstrap.'; exit 1; }
	@cd web && { [ node_modules/.package-lock.json -nt package-lock.json ] || \
	    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || { \
	    echo 'npm ci could not fetch what web/package-lock.json lists; is the registry within reach?'; exit 1; }; } && \
	    npm run --silent build
	@touch $@

-include $(OBJECTS:.o=.d) $(TESTS:=.d) $(TEST_SUPPORT:.o=.d) $(TIDY_OBJECTS:.o=.d) $(BUILD)/src/main.d \
    $(WARNED:.ok=.d)
