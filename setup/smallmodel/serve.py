"""Serve a language model over an OpenAI-compatible API on a free port of loopback, until standard input ends.

usage: serve.py MODEL CONTEXT_TOKENS ANSWER_TOKENS

MODEL is a GGUF file. Prints the base URL, without /v1, once the model is loaded. For tests only: it picks the
likeliest token each time, so that a run can be repeated.
"""

import sys

import xllamacpp


def main(model, context_tokens, answer_tokens):
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = int(context_tokens)
    params.n_predict = int(answer_tokens)
    params.n_parallel = 1
    # Threads of this server spin while they wait for each other: on a busy machine one alone is the fastest.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.sampling.temp = 0
    params.sampling.seed = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
