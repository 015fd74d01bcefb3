"""The Chinese catalogue says everything the source says."""

from script.lib import messages


def test_catalogue_is_complete_without_stale_entries_or_broken_placeholders():
    problems = messages.problems()

    assert not problems, "\n".join(problems)
