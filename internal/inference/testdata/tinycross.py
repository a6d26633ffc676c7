"""Writes two tiny cross-encoders with the tokenizers of tiny.py, and cross.json: the scores of some pairs of texts, which the
Rust library `tokenizers` put together and ONNX's own reference ran.

    python tinycross.py

Each token has a weight, times another one for its place and, with BERT, for its type; a logit is their sum. So any
difference in tokens, order, types or truncation shows in the scores. Needs numpy, onnx and tokenizers.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from tokenizers import Tokenizer

HERE = Path(__file__).parent
QUESTION = "how many days of leave"
PAIRS = [
    [QUESTION, "the employee may carry over five days of leave"],
    [QUESTION, "the manager approves travel in advance"],
    ["leave", "receipts must reach accounting within thirty days (draft)"],
    ["", "vacation"],
    ["vacation", ""],
    ["who approves travel", "the manager approves travel in advance " * 40],
    ["leave days " * 40, "the manager " * 40],
    ["leave days " * 40, "manager"],
]


def build_model(rows, positions, labels, has_types, seed):
    random = np.random.default_rng(seed)
    tables = {
        "table": random.normal(size=(rows, labels)),
        "places": 0.5 + random.random(size=(positions, 1)),
        "kinds": np.array([[0.3], [1.7]]),
    }
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["values"]),
        helper.make_node("CumSum", ["attention_mask", "axis"], ["counted"]),
        helper.make_node("Sub", ["counted", "one_more"], ["at"]),
        helper.make_node("Gather", ["places", "at"], ["place"]),
        helper.make_node("Mul", ["values", "place"], ["placed"]),
    ]
    inputs = ["input_ids", "attention_mask"]
    last = "placed"
    if has_types:
        inputs.append("token_type_ids")
        nodes += [
            helper.make_node("Gather", ["kinds", "token_type_ids"], ["kind"]),
            helper.make_node("Mul", ["placed", "kind"], ["typed"]),
        ]
        last = "typed"
    nodes += [
        helper.make_node("ReduceSum", [last, "one"], ["sum"], keepdims=0),
        helper.make_node("Mul", ["sum", "scale"], ["logits"]),
    ]
    constants = [numpy_helper.from_array(t.astype(np.float32), n) for n, t in tables.items() if n != "kinds" or has_types]
    constants.append(numpy_helper.from_array(np.array([1], np.int64), "one_more"))
    constants.append(numpy_helper.from_array(np.array([1], np.int64), "one"))
    constants.append(numpy_helper.from_array(np.array(1, np.int64), "axis"))
    constants.append(numpy_helper.from_array(np.array(0.2, np.float32), "scale"))
    graph = helper.make_graph(
        nodes,
        "tinycross",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", labels])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def score(model, encoding):
    feeds = {"input_ids": encoding.ids, "attention_mask": encoding.attention_mask, "token_type_ids": encoding.type_ids}
    names = {i.name for i in model.graph.input}
    logits = ReferenceEvaluator(model).run(None, {n: np.array([v], np.int64) for n, v in feeds.items() if n in names})[0][0]
    last = float(logits[-1]) - (float(logits[0]) if len(logits) == 2 else 0.0)
    return 1 / (1 + np.exp(-last))


def main():
    golden = {}
    for folder, source, labels in (("crossunigram", "unigram", 1), ("crosswordpiece", "wordpiece", 2)):
        path = HERE / folder / ("model.onnx" if labels == 1 else "onnx/model.onnx")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / source / "tokenizer.json", HERE / folder / "tokenizer.json")
        config = json.loads((HERE / source / "config.json").read_text())
        config["max_position_embeddings"] = 34 if labels == 1 else 32
        (HERE / folder / "config.json").write_text(json.dumps(config))
        tokenizer = Tokenizer.from_file(str(HERE / folder / "tokenizer.json"))
        model = build_model(tokenizer.get_vocab_size(), 64, labels, labels == 2, labels)
        path.write_bytes(model.SerializeToString(deterministic=True))
        golden[folder] = []
        for question, passage in PAIRS:
            # The passage is cut first, and the question only beyond half of what the model reads.
            limit = 32 - tokenizer.num_special_tokens_to_add(True)
            a = len(tokenizer.encode(question, add_special_tokens=False).ids)
            b = len(tokenizer.encode(passage, add_special_tokens=False).ids)
            kept = min(a, max(limit // 2, limit - b))
            encoding = tokenizer.encode(question, passage)
            ids, types, sequence, seen = [], [], encoding.sequence_ids, [0, 0]
            for token, kind, which in zip(encoding.ids, encoding.type_ids, sequence):
                if which is not None:
                    seen[which] += 1
                    if seen[which] > (kept if which == 0 else min(b, limit - kept)):
                        continue
                ids.append(token)
                types.append(kind)
            cut = type("cut", (), {"ids": ids, "type_ids": types, "attention_mask": [1] * len(ids)})
            golden[folder].append(
                {"question": question, "passage": passage, "score": round(float(score(model, cut)), 6)}
            )
    (HERE / "cross.json").write_text(json.dumps(golden, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
