"""Statements from hand-made trees and attributions; decoding of the network's numbers."""

from __future__ import annotations

import numpy as np
import pytest

from dateline.analysis.attribution import decode_attributions
from dateline.analysis.chunks import chunks
from dateline.analysis.model import Attribution
from dateline.analysis.network import WindowOutput, labels
from dateline.analysis.windows import Window
from dateline.record.context import Context
from dateline.record.model import Statement
from dateline.record.statements import make_statements
from trees import analysis, context


def statements(built: Context, *parts: tuple[str, str, str], confidence: float = 0.9):
    """Statements for attributions given as (source, cue, content) words, '' for none."""

    def spans(words: str) -> list[tuple[int, int]]:
        at = built.text.index(words)
        return [(at, at + len(words))] if words else []

    for source, cue, content in parts:
        kind = "direct" if content[:1] == "“" else "indirect"
        built.analysis.attributions.append(
            Attribution(spans(source), spans(cue), spans(content), kind, confidence)
        )
    return make_statements(built)


def speaker(made: list[Statement]) -> str | None:
    return made[0].speaker.actor if made[0].speaker else None


def test_title_and_name_are_the_person():
    built = context(
        "Its/PRP$/3/nmod:poss special/JJ/3/amod envoy/NN/8/nsubj ,/,/6/punct Ada/NNP/6/compound "
        "Moe/NNP/3/appos ,/,/6/punct said/VBD/0/root talks/NNS/10/nsubj failed/VBD/8/ccomp",
        names=(("Ada Moe", "person"),),
    )
    made = statements(built, ("Its special envoy, Ada Moe,", "said", "talks failed"))
    assert speaker(made) == "~ada-moe"
    assert made[0].speaker is not None
    assert made[0].speaker.text == "Its special envoy, Ada Moe"


def test_a_name_that_belongs_to_another_noun_is_not_the_speaker():
    built = context(
        "Moe/NNP/2/compound supporters/NNS/3/nsubj said/VBD/0/root talks/NNS/5/nsubj "
        "failed/VBD/3/ccomp",
        "A/DT/2/det spokesman/NN/5/nsubj for/IN/4/case Moe/NNP/2/nmod denied/VBD/0/root it/PRP/5/obj",
        names=(("Moe", "person"),),
    )
    made = statements(
        built,
        ("Moe supporters", "said", "talks failed"),
        ("A spokesman for Moe", "denied", "it"),
    )
    assert [s.speaker.actor if s.speaker else None for s in made].count("~moe") == 0


def test_the_source_beside_the_cue_counts_before_a_stray_one():
    built = context(
        "Moe/NNP/2/nsubj left/VBD/0/root ././2/punct",
        "Lien/NNP/2/nsubj said/VBD/0/root talks/NNS/4/nsubj failed/VBD/2/ccomp",
        names=(("Moe", "person"), ("Lien", "person")),
    )
    text = built.text
    built.analysis.attributions.append(
        Attribution(
            [(0, 3), (text.index("Lien"), text.index("Lien") + 4)],
            [(text.index("said"), text.index("said") + 4)],
            [(text.index("talks"), len(text))],
            "indirect",
        )
    )
    assert speaker(make_statements(built)) == "~lien"


def test_who_means_the_noun_before_it():
    built = context(
        "Moe/NNP/0/root ,/,/1/punct who/WP/4/nsubj said/VBD/1/acl:relcl talks/NNS/6/nsubj "
        "failed/VBD/4/ccomp",
        names=(("Moe", "person"),),
    )
    assert speaker(statements(built, ("who", "said", "talks failed"))) == "~moe"


def test_an_unsaid_speaker_is_the_subject_of_the_verb_before():
    built = context(
        "Norway/NNP/2/nsubj left/VBD/0/root and/CC/5/cc has/VBZ/5/aux demanded/VBN/2/dep "
        "peace/NN/5/obj",
        names=(("Norway", "place"),),
    )
    assert speaker(statements(built, ("", "has demanded", "peace"))) == "NOR"


def test_a_topic_is_no_statement_and_a_demand_is():
    built = context(
        "Norway/NNP/2/nsubj visited/VBD/0/root the/DT/4/det war/NN/2/obj ././2/punct",
        "Norway/NNP/2/nsubj demanded/VBD/0/root peace/NN/2/obj ././2/punct",
        names=(("Norway", "place"),),
    )
    made = statements(
        built, ("Norway", "visited", "the war"), ("Norway", "demanded", "peace"), confidence=0.7
    )
    assert [built.text[slice(*s.cue[0])] for s in made] == ["demanded"]
    assert [d.reason for d in built.dropped] == ["not_a_report"]


def test_quoted_words_are_kept_whatever_the_cue():
    built = context(
        "Moe/NNP/2/nsubj smiled/VBD/0/root “/``/4/punct Peace/NN/2/obj ”/''/4/punct",
        names=(("Moe", "person"),),
    )
    assert len(statements(built, ("Moe", "smiled", "“Peace”"), confidence=0.5)) == 1


def test_channel_with_whose_it_was_and_when_it_came_out():
    built = context(
        "Moe/NNP/2/nsubj said/VBD/0/root talks/NNS/4/nsubj failed/VBD/2/ccomp in/IN/7/case "
        "an/DT/7/det interview/NN/2/obl with/IN/10/case The/DT/10/det Bugle/NNP/2/obl "
        "published/VBN/2/dep on/IN/13/case Wednesday/NNP/11/obl ././2/punct",
        names=(("Moe", "person"), ("The Bugle", "organisation")),
    )
    made = statements(built, ("Moe", "said", "talks failed"))
    assert made[0].channel == "an interview with The Bugle published on Wednesday"


def test_channel_stops_where_no_name_follows():
    built = context(
        "Moe/NNP/2/nsubj said/VBD/0/root talks/NNS/4/nsubj failed/VBD/2/ccomp in/IN/7/case "
        "an/DT/7/det interview/NN/2/obl with/IN/9/case friends/NNS/2/obl ././2/punct",
        names=(("Moe", "person"),),
    )
    assert statements(built, ("Moe", "said", "talks failed"))[0].channel == "an interview"


@pytest.mark.parametrize(("filler", "expected"), [("", "~moe"), ("It rained. " * 40, None)])
def test_a_bare_quotation_goes_on_with_the_last_speaker_if_near(filler, expected):
    sentences = [
        "“/``/2/punct Peace/NN/5/obj ”/''/2/punct Moe/NNP/5/nsubj said/VBD/0/root ././5/punct",
        *("It/PRP/2/nsubj rained/VBD/0/root ././2/punct" for _ in range(filler.count("."))),
        "“/``/2/punct War/NN/0/root ”/''/2/punct",
    ]
    built = context(*sentences, names=(("Moe", "person"),))
    made = statements(built, ("Moe", "said", "“Peace”"), ("", "", "“War”"))
    assert (made[1].speaker.actor if made[1].speaker else None) == expected


def test_a_name_beside_the_cue_speaks_when_no_source_was_found_but_not_from_inside_the_content():
    built = context(
        "Talks/NNS/2/nsubj failed/VBD/0/root ,/,/4/punct Moe/NNP/6/dep ,/,/4/punct said/VBD/2/dep",
        "War/NN/2/nsubj followed/VBD/0/root Lien/NNP/2/obj ,/,/2/punct said/VBD/2/dep",
        names=(("Moe", "person"), ("Lien", "person")),
    )
    said = [t.span for t in built.tree.tokens if t.text == "said"]
    war = built.text.index("War")
    first = Attribution([], [said[0]], [(0, 12)], "indirect")
    second = Attribution([], [said[1]], [(war, built.text.index("Lien") + 4)], "indirect")
    built.analysis.attributions.extend([first, second])
    made = make_statements(built)
    assert [s.speaker.actor if s.speaker else None for s in made] == ["~moe", None]


def test_a_name_after_a_spokesman_is_the_spokesman():
    built = context(
        "a/DT/2/det spokesman/NN/5/nsubj for/IN/4/case Moe/NNP/2/nmod ,/,/6/punct Lien/NNP/2/dep "
        "denied/VBD/0/root it/PRP/7/obj",
        names=(("Moe", "person"), ("Lien", "person")),
    )
    assert speaker(statements(built, ("a spokesman for Moe", "denied", "it"))) == "~lien"


# --- decoding --------------------------------------------------------------------------------------

_WORDS = "“/``/0/root Peace/NN/1/dep is/VBZ/1/dep near/JJ/1/dep ”/''/1/dep Moe/NNP/7/nsubj said/VBD/1/dep"


def test_a_hole_of_one_unsure_word_is_closed_and_a_sure_one_is_not():
    names = labels()["attribution"]

    def mass(*content: float):
        rows = np.full((len(content), len(names)), 1e-4, dtype=np.float32)
        rows[:, names.index("I-content")] = content
        rows[:, 0] = 1 - np.array(content)
        return rows

    unsure = mass(0.99, 0.99, 0.4, 0.99, 0.99)
    assert len(chunks(unsure, names)) == 2
    assert len(chunks(unsure, names, {"source": 0.2, "cue": 0.0, "content": 0.5})) == 1
    sure = mass(0.99, 0.99, 0.01, 0.99, 0.99)
    assert len(chunks(sure, names, {"source": 0.2, "cue": 0.0, "content": 0.5})) == 2


def decoded(sentence: str, roles: dict[int, str], pointed: dict[int, int]) -> list[Attribution]:
    """Attributions from one sentence whose tokens have roles and point at cues."""
    built = analysis(sentence)
    names, n = labels()["attribution"], len(built.tokens)
    attribution = np.full((n, len(names)), 0.01, dtype=np.float32)
    attribution[:, 0] = 0.9
    for i, role in roles.items():
        attribution[i, 0], attribution[i, names.index(role)] = 0.02, 0.9
    link = np.full((n, n), -9.0, dtype=np.float32)
    for i, cue in pointed.items():
        link[i, cue] = 0.0
    zeros = np.zeros(n, dtype=np.int64)
    empty = np.zeros((n, 9), dtype=np.float32)
    output = WindowOutput(
        acts=empty, names=empty, mentions=empty, attribution=attribution, tag=zeros,
        head=link, link=link, rel_child=empty, rel_parent=empty,
    )  # fmt: skip
    window = Window(0, n, frozenset())
    return decode_attributions(built.text, built.tokens, built.sentences, [(window, output)])


def test_a_quotation_keeps_its_marks():
    roles = {1: "B-content", 2: "I-content", 3: "I-content", 5: "B-source", 6: "B-cue"}
    roles[0] = roles[4] = "I-content"
    found = decoded(_WORDS, roles, {i: 6 for i in range(6)})
    assert len(found) == 1
    assert found[0].kind == "direct"


def test_two_cues_share_the_source_of_the_first():
    words = (
        "Moe/NNP/2/nsubj questioned/VBD/0/root the/DT/4/det vote/NN/2/obj and/CC/6/cc "
        "urged/VBD/2/conj an/DT/8/det end/NN/6/obj"
    )
    roles = {0: "B-source", 1: "B-cue", 2: "B-content", 3: "I-content", 5: "B-cue"}
    roles |= {6: "B-content", 7: "I-content"}
    found = decoded(words, roles, {0: 1, 2: 1, 3: 1, 6: 5, 7: 5})
    assert [a.source for a in found] == [[(0, 3)], [(0, 3)]]


def test_a_passive_cue_alone_gets_no_source():
    words = "Peace/NN/3/nsubj:pass was/VBD/3/aux:pass expected/VBN/0/root ././3/punct"
    found = decoded(words, {0: "B-content", 2: "B-cue"}, {0: 2})
    assert found[0].source == []
