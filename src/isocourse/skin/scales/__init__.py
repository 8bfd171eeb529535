"""The clinician's scales as data (`acne`, `scars`, `spots`, `patients`; all of them in `library`), one way to reckon
them (`score`), what a change means (`change`), and how well measurements agree (`agreement`)."""
