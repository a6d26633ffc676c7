"""Writes two tiny models in the Hugging Face layout, and tiny.json: what the Rust library `tokenizers` makes of some texts with them.
tinycross.py makes cross-encoders with the same tokenizers.

    python tiny.py

The models look tokens up in a table of pseudo-random vectors and do nothing else; what matters are their tokenizers, their
files and the names of their inputs. Needs numpy, onnx, tokenizers and sentencepiece.
"""

import io
import json
import unicodedata
from pathlib import Path

import numpy as np
import onnx
import sentencepiece
from onnx import TensorProto, helper
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from sentencepiece import sentencepiece_model_pb2

HERE = Path(__file__).parent
HIDDEN = 8
SENTENCES = [
    "the employee may carry over five days of leave",
    "receipts must reach accounting within thirty days",
    "the manager approves travel in advance",
    "Der Antrag auf Urlaub geht an die Leitung",
    "vacation days expire in march of the next year",
]
TEXTS = [
    *SENTENCES,
    "unaffable Ünïcödé CAFÉ cafe\u0301 naïve",
    "½ liter, 3rd-party (draft): don't!",
    "ﬁve ﬂats Ⅻ ™ tabs\tand\u00a0spaces\u3000wide",
    "员工 leave 假期",
    "<s> [CLS] [MASK] <unk> as text",
    "zzzzqqqq 🎉 ок",
    "",
]
RULES = [("ﬁ", "fi"), ("ﬂ", "fl"), ("Ⅻ", "XII"), ("™", "TM"), ("½", "1/2"), ("\u00a0", " "), ("\u3000", " "), ("\t", " "), ("Ü", "ue")]


def build_model(rows, inputs, seed):
    table = np.random.default_rng(seed).normal(size=(rows, HIDDEN)).astype(np.float32)
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    shape = ["batch", "sequence"]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, HIDDEN])],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString(deterministic=True)


def build_charsmap():
    """A character map as SentencePiece compiles it, from RULES."""
    rules = HERE / "rules.tsv"
    points = lambda text: " ".join(f"{ord(c):X}" for c in text)
    rules.write_text("".join(f"{points(a)}\t{points(b)}\n" for a, b in RULES))
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES), model_writer=trained, vocab_size=60, hard_vocab_limit=False,
        normalization_rule_tsv=str(rules), minloglevel=2,
    )  # fmt: skip
    rules.unlink()
    proto = sentencepiece_model_pb2.ModelProto.FromString(trained.getvalue())
    return proto.normalizer_spec.precompiled_charsmap, [(p.piece, p.score) for p in proto.pieces[3:]]


def build_unigram(hide=""):
    """The tokenizer; hide goes before the control pieces, so that they match no text."""
    charsmap, pieces = build_charsmap()
    vocab = [*((hide + c, 0.0) for c in ("<s>", "<pad>", "</s>", "<unk>")), *pieces, (hide + "<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocab, unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def build_wordpiece(_=""):
    """The tokenizer; its control pieces match no text anyway, because brackets are words of their own."""
    words = sorted({w for s in SENTENCES for w in s.lower().split()})
    marks = list("abcdefghijklmnopqrstuvwxyz0123456789,.:;()!'-/员工假")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *marks, *words, *("##" + m for m in marks), "un", "##aff", "##able"]
    tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(dict.fromkeys(pieces))}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def write(folder, files):
    for name, data in files.items():
        path = HERE / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())


def main():
    golden = {}
    for folder, build in {"unigram": build_unigram, "wordpiece": build_wordpiece}.items():
        # The reference does not know its special tokens: they are not to be recognised in a user's text.
        reference, _ = build("\0")
        composed = ((text, unicodedata.normalize("NFC", text)) for text in TEXTS)
        golden[folder] = [{"text": text, "ids": reference.encode(normal).ids} for text, normal in composed]
        tokenizer, special = build()
        tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
        rows, saved = tokenizer.get_vocab_size(), tokenizer.to_str().encode()
        if folder == "unigram":
            config = {"model_type": "xlm-roberta", "max_position_embeddings": 34, "pad_token_id": 1, "vocab_size": rows}
            model = build_model(rows, ["input_ids", "attention_mask"], 1)
            write(folder, {"model.onnx": model, "tokenizer.json": saved, "config.json": config})
        else:
            config = {"model_type": "bert", "max_position_embeddings": 512, "vocab_size": rows}
            model = build_model(rows, ["input_ids", "token_type_ids", "attention_mask"], 2)
            files = {"onnx/model.onnx": model, "tokenizer.json": saved, "config.json": config}
            files["tokenizer_config.json"] = {"model_max_length": 1e30}
            files["1_Pooling/config.json"] = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
            write(folder, files)
    write(".", {"tiny.json": golden})


if __name__ == "__main__":
    main()
