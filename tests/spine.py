"""The topics of the spine. Generated courses hold what these topics read; where "somebody proceeds" has to be seen,
editions are limited to them. Topics that came later bring generated histories of their own."""

SPINE = ("pregnancy", "contraception", "supply", "consent", "aftercare")
