from export.compatibility.static.attributes import find


def test_an_attribute_is_ignored_by_releases_before_it(place, servers):
    (finding,) = find([place("GatherNd", bad_indices_policy="IGNORE")], servers)

    assert finding.releases == ("2.16",)
    assert "'bad_indices_policy' of 'GatherNd'" in finding.problem
    assert not finding.fatal


def test_attributes_without_effect_pass(place, servers):
    assert list(find([place("MatMul", grad_a=True, transpose_a=True)], servers)) == []


def test_what_never_runs_does_not_matter(place, servers):
    places = [place("GatherNd", bad_indices_policy="IGNORE", runs=False)]

    assert list(find(places, servers)) == []
