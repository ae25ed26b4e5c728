"""What is asked about a whole class, video or person, beside the labels it is about."""

import pytest
from playwright.sync_api import expect

from tests.app.conftest import Opens, Served, press

pytestmark = pytest.mark.browser


def test_a_question_about_the_whole_class_is_answered_by_one_press_and_taken_back(
    open_review: Opens, served: Served
) -> None:
    choices = [["keep", "the labels are right as they are"], ["move", "move all 20 labels 2 frames later"]]
    question = {"of": "class", "name": "far_court_bounce", "choices": choices, "answer": None, "by": None}
    served.shelf.questions = [question | {"words": "Its evidence lies 2.1 frames later."}]
    page = open_review()
    asked = page.get_by_role("region", name="A question about the whole class")
    expect(asked).to_contain_text("Its evidence lies 2.1 frames later.")
    asked.get_by_role("button", name="the labels are right as they are").click()
    expect(asked).to_contain_text("anna answered: the labels are right as they are")
    asked.get_by_role("button", name="Take the answer back").click()
    expect(asked).to_contain_text("Its evidence lies")
    press(page, "x")
    expect(asked).to_be_hidden()


def test_questions_about_a_video_and_a_person_are_asked_beside_their_labels(
    open_review: Opens, served: Served
) -> None:
    choices = [["keep", "keep them"]]
    asked = {"choices": choices, "answer": None, "by": None, "review": None}
    served.shelf.questions = [
        asked | {"of": "video", "name": "video 1", "words": "video 1 is early."},
        asked | {"of": "annotator", "name": "ben", "words": "ben is early."},
        asked | {"of": "annotator", "name": "cleo", "words": "cleo is early."},
        asked
        | {"of": "class", "name": "far_court_bounce", "words": "Not tied.", "review": "/?open=review&x=1"},
    ]
    page = open_review()
    of_video = page.get_by_role("region", name="A question about the whole video")
    of_person = page.get_by_role("region", name="A question about all labels by one person")
    expect(of_video).to_contain_text("video 1 is early.")
    expect(of_person).to_have_text("ben is early.keep them")
    look = page.get_by_role("link", name="Look at 15 of its labels now")
    expect(look).to_have_attribute("href", "/?open=review&x=1")
    of_person.get_by_role("button", name="keep them").click()
    expect(of_person).to_contain_text("anna answered: keep them")
    press(page, "x")
    expect(of_video).to_be_hidden()
    expect(of_person).to_be_visible()
