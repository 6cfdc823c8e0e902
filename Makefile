# Poterne, an mTLS gateway for IGC-Santé.
#
#   make dev        install what is missing, build, make a test PKI, serve it on https://localhost:8443
#   make test       install what is missing, build, run every test
#
#   make build      debug build of everything
#   make release    optimised binary: .build/release/poterne
#   make install    copy what `make release` built [DESTDIR=] [PREFIX=/usr]
#   make deb        a Debian package of it, looked over by lintian: dist/poterne_VERSION_ARCH.deb [VERSION=]
#   make container  put together the file system of the container and run it, without an engine: conf/container
#   make certs      make the test PKI anew in certs-test/generated
#
#   make lint       formatting and style, every finding an error
#   make format     rewrite the sources as `make lint` wants them
#   make asan       every test under AddressSanitizer
#   make tsan       every test under ThreadSanitizer
#   make fuzz       each fuzz target for FUZZ_SECONDS (20), from its corpus in Fuzz/Corpus
#   make bench      measure the gateway, and peers beside it where they are to be had: benchmarks/results
#   make counts     count the instructions of pieces of the gateway's work, and hold them to benchmarks/counts.json
#   make three-nodes  three gateways behind HAProxy, one of them killed under load: docs/scaling.md
#   make clean      remove what was built and generated
#
#   FILTER=NAME     with test, asan, tsan: only the tests whose name matches, e.g. make test FILTER=TrustTests
#   ARGS="..."      with dev: arguments of `poterne dev`

SHELL       = /bin/bash
.SHELLFLAGS = -eu -o pipefail -c
SWIFT       = swift
PREFIX      = /usr
DESTDIR     =
STRIP       = strip --strip-debug
VERSION     =
FILTER      =
ARGS        =

SOURCES = Sources Tests Package.swift
TESTS   = --disable-xctest $(if $(FILTER),--filter '$(FILTER)')

bindir  = $(DESTDIR)$(PREFIX)/bin
unitdir = $(DESTDIR)$(PREFIX)/lib/systemd/system
docdir  = $(DESTDIR)$(PREFIX)/share/doc/poterne

.PHONY: help dev test build release install deb container certs lint format asan tsan fuzz bench counts three-nodes clean

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

dev:
	@scripts/install-dependencies
	$(SWIFT) build --product poterne
	exec "$$($(SWIFT) build --show-bin-path)/poterne" dev $(ARGS)

test:
	@scripts/install-dependencies --tests
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build $(TESTS)

build:
	@scripts/install-dependencies
	$(SWIFT) build

# The Swift runtime goes into the binary. OpenSSL, libevent and libcurl stay the system's, so that their security
# updates arrive without a new build of ours.
release:
	@scripts/install-dependencies
	$(SWIFT) build --configuration release --static-swift-stdlib --product poterne
	@echo "Built $$($(SWIFT) build --configuration release --show-bin-path)/poterne"

# Does not build: run as root, it would leave root's files in the tree.
install:
	@test -x .build/release/poterne || { echo "Nothing to install: run 'make release' first." >&2; exit 1; }
	install -D -m 0755 .build/release/poterne $(bindir)/poterne
	$(STRIP) $(bindir)/poterne
	install -D -m 0644 conf/systemd/poterne.service $(unitdir)/poterne.service
	sed -i -E 's#^(ExecStart|ExecReload)=/usr/bin#\1=$(PREFIX)/bin#; s|file:///usr/share|file://$(PREFIX)/share|' $(unitdir)/poterne.service
	install -D -m 0644 conf/systemd/poterne.socket $(docdir)/conf/poterne.socket
	install -d $(docdir)/conf/monitoring $(docdir)/conf/kubernetes $(docdir)/docs/decisions $(docdir)/docs/examples/identity
	install -m 0644 README.md CHANGELOG.md $(docdir)
	install -m 0644 conf/*.yaml $(docdir)/conf
	install -m 0644 conf/monitoring/* $(docdir)/conf/monitoring
	install -m 0644 conf/kubernetes/* $(docdir)/conf/kubernetes
	install -m 0644 docs/*.md docs/status.schema.json $(docdir)/docs
	install -m 0644 docs/decisions/*.md $(docdir)/docs/decisions
	install -m 0644 docs/examples/identity/* $(docdir)/docs/examples/identity

deb:
	@scripts/install-dependencies --package
	$(MAKE) --no-print-directory release
	scripts/build-package $(VERSION)

container:
	$(MAKE) --no-print-directory release
	scripts/try-container $(ARGS)

certs:
	@scripts/install-dependencies
	$(SWIFT) build --product poterne
	"$$($(SWIFT) build --show-bin-path)/poterne" testpki $(ARGS)

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)
	bash -n scripts/install-dependencies scripts/build-package scripts/root-filesystem scripts/try-container conf/examples/three-nodes/run .ci/run

format:
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

# Leaks are not looked for: Swift's test runner itself leaks a kilobyte. The backtracer is off because it can hold a
# pipe open for minutes after a crash.
asan:
	@scripts/install-dependencies --tests
	ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=8:thread_local_quarantine_size_kb=64 SWIFT_BACKTRACE=enable=no \
	$(SWIFT) test --sanitize=address --scratch-path .build-asan $(TESTS)

tsan:
	@scripts/install-dependencies --tests
	TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/thread-sanitizer.suppressions" SWIFT_BACKTRACE=enable=no \
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan $(TESTS)

FUZZ_SECONDS = 20
FUZZERS      = FuzzCertificate:certificate FuzzRevocationList:revocation-list FuzzRequestHead:request-head \
               FuzzConfiguration:configuration FuzzResponse:response FuzzHTTP2:http2 FuzzToken:token

# What a fuzzer finds new stays under .build-fuzz; what crashes it is left there as crash-*, to become a test.
fuzz: export POTERNE_FUZZ = 1
fuzz: export SWIFT_BACKTRACE = enable=no
fuzz:
	@for pair in $(FUZZERS); do \
	    target=$${pair%%:*}; corpus=$${pair##*:}; \
	    $(SWIFT) build --sanitize=fuzzer --scratch-path .build-fuzz --product $$target; \
	    mkdir -p .build-fuzz/corpus/$$corpus; \
	    echo "== $$target for $(FUZZ_SECONDS) s"; \
	    .build-fuzz/debug/$$target -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -artifact_prefix=.build-fuzz/ \
	        .build-fuzz/corpus/$$corpus Fuzz/Corpus/$$corpus 2>&1 | tail -n 1; \
	done

# One after the other and with nothing else running, or the figures are worth little.
bench:
	@scripts/install-dependencies --benchmarks
	POTERNE_BENCHMARKS=1 $(SWIFT) build --configuration release --static-swift-stdlib --product poterne
	POTERNE_BENCHMARKS=1 $(SWIFT) build --configuration release --static-swift-stdlib --product Microbenchmarks
	benchmarks/run $(ARGS)

counts:
	@scripts/install-dependencies --benchmarks
	POTERNE_BENCHMARKS=1 $(SWIFT) build --configuration release --static-swift-stdlib --product Microbenchmarks
	benchmarks/counts $(ARGS)

# In network namespaces that end with it.
three-nodes:
	@scripts/install-dependencies --tests
	$(SWIFT) build --product poterne
	conf/examples/three-nodes/run --poterne "$$($(SWIFT) build --show-bin-path)/poterne" $(ARGS)

clean:
	rm -rf .build .build-asan .build-tsan .build-fuzz certs-test/generated dist
