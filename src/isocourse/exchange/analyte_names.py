"""What laboratories call the results isocourse reads, and how they spell units. Whole names only, never a part of one.

A name stands for a blood specimen: a report that says urine, stool or another fluid is not read by name.
"""

from __future__ import annotations

import re
import unicodedata

from isocourse.record import terminology as t

_NAMES: dict[str, str] = {
    "alt": "alt|alat|sgpt|gpt|alanine aminotransferase|alanine transaminase|alanine aminotransferase alt|alt sgpt"
    "|sgpt alt|alt gpt|serum alt|alanine amino transferase|s alt|p alt",
    "ast": "ast|asat|sgot|got|aspartate aminotransferase|aspartate transaminase|aspartate aminotransferase ast"
    "|ast sgot|sgot ast|ast got|serum ast|aspartate amino transferase|s ast|p ast",
    "triglycerides": "triglycerides|triglyceride|trigs|trig|tg|tgs|serum triglycerides|serum triglyceride"
    "|plasma triglycerides|triglycerides serum|fasting triglycerides|triglycerides fasting|triacylglycerol"
    "|triacylglycerols|triglyceride level|serum triglyceride level|s triglycerides|p triglycerides",
    "total_cholesterol": "total cholesterol|cholesterol total|cholesterol|chol|tchol|t chol|tc|serum cholesterol"
    "|serum total cholesterol|cholesterol serum|serum cholesterol level|s cholesterol|p cholesterol",
    "hdl": "hdl|hdl c|hdl cholesterol|hdl chol|cholesterol hdl|cholesterol in hdl|serum hdl cholesterol"
    "|high density lipoprotein cholesterol",
    "ldl": "ldl|ldl c|ldl cholesterol|ldl chol|cholesterol ldl|cholesterol in ldl|serum ldl cholesterol"
    "|ldl cholesterol calculated|calculated ldl|ldl calculated|ldl direct|low density lipoprotein cholesterol",
    "ck": "ck|cpk|creatine kinase|creatine phosphokinase|creatine kinase total|total ck|ck total|creatine kinase ck"
    "|creatine phosphokinase cpk|serum creatine kinase|ck cpk|s ck|p ck",
    "glucose": "glucose|fasting glucose|glucose fasting|plasma glucose|fasting plasma glucose|serum glucose"
    "|blood glucose|random glucose|glucose random|glucose serum|glucose plasma|serum fasting glucose",
    "hba1c": "hba1c|hb a1c|a1c|haemoglobin a1c|hemoglobin a1c|glycated haemoglobin|glycated hemoglobin"
    "|glycosylated hemoglobin|glycosylated haemoglobin|hba1c ngsp|hba1c dcct",
    "hcg": "hcg|beta hcg|b hcg|bhcg|total beta hcg|hcg beta|hcg quantitative|hcg quant|beta hcg quantitative"
    "|quantitative hcg|quantitative beta hcg|serum hcg|serum beta hcg|human chorionic gonadotropin"
    "|human chorionic gonadotrophin|hcg total|total hcg|hcg serum",
    "bilirubin": "bilirubin|total bilirubin|bilirubin total|t bili|tbil|tbili|bili total|total bili|serum bilirubin"
    "|serum total bilirubin|bilirubin total serum|serum bilirubin level",
    "alp": "alp|alkaline phosphatase|alk phos|alkp|alk phosphatase|alkaline phosphatase alp|serum alkaline phosphatase",
    "ggt": "ggt|gamma gt|gamma glutamyl transferase|gamma glutamyltransferase|gammagt|ggtp"
    "|gamma glutamyl transpeptidase|serum gamma gt|gamma glutamyl transferase ggt|yggt",
    "fsh": "fsh|follicle stimulating hormone|follitropin|serum fsh|follicle stimulating hormone fsh",
    "lipase": "lipase|serum lipase|pancreatic lipase|lipase serum",
    "haemoglobin": "haemoglobin|hemoglobin|hb|hgb|haemoglobin hb|hemoglobin hgb|haemoglobin estimation|hb blood",
    "white_cells": "white cells|white cell count|white blood cells|white blood cell count|wbc|wcc|wbc count"
    "|total white cell count|leucocytes|leukocytes|leukocyte count|leucocyte count|white blood cells wbc"
    "|total white blood cell count",
    "neutrophils": "neutrophils|neutrophil count|absolute neutrophil count|absolute neutrophils|neutrophils absolute"
    "|anc|neut|neut abs|neutrophils abs|neutrophil absolute|neutrophils absolute count",
    "platelets": "platelets|platelet count|plt|plts|thrombocytes|platelet count plt|thrombocyte count",
}  # fmt: skip
ANALYTE_OF_NAME: dict[str, str] = {name: analyte for analyte, names in _NAMES.items() for name in names.split("|")}

TEST_OF_NAME: dict[str, t.TestMethod] = {
    "pregnancy test": "unknown",
    "hcg qualitative": "unknown",
    "qualitative hcg": "unknown",
    "hcg qual": "unknown",
    "pregnancy screen": "unknown",
    "pregnancy test urine": "urine",
    "urine pregnancy test": "urine",
    "urine hcg": "urine",
    "hcg urine": "urine",
    "hcg urine qualitative": "urine",
    "urine hcg qualitative": "urine",
    "serum pregnancy test": "serum",
    "pregnancy test serum": "serum",
    "serum hcg qualitative": "serum",
    "hcg serum qualitative": "serum",
    "blood pregnancy test": "serum",
}

# Where a name alone would mean something else.
OTHER_SPECIMEN = re.compile(
    r"\b(?:urin\w*|csf|cerebrospinal|stool\w*|faec\w*|fec(?:al|es)\w*|saliva\w*|sweat|pleural|ascit\w*|synovial|dialys\w*"
    r"|fluid|sediment|semen|sputum|swab|tissue)\b",
    re.IGNORECASE,
)
# HL7 table 0487 and 0070 codes of blood, serum and plasma; UK and US words for the same.
_BLOOD = """
    ser,serum,plas,plasma,pl,bld,blood,whole blood,wb,venous blood,bldv,bldc,capillary blood,ser plas,serum plasma,sst,
    edta blood,edta plasma,lithium heparin plasma,fluoride plasma,b,s,p,blood venous,serum specimen,plasma specimen,
    blood specimen,venous blood specimen,gold top,blood serum
"""
BLOOD_SPECIMENS = frozenset(word.strip() for word in _BLOOD.split(","))

# Spellings by unit of ours, compared without case and spaces: within the units of one analyte none can mean another.
_UNITS: dict[str, str] = {
    "U/L": "u/l|u/liter|u/litre|units/l|unit/l",
    "[IU]/L": "iu/l|[iu]/l|iu/liter|iu/litre",
    "ukat/L": "ukat/l|microkat/l",
    "mmol/L": "mmol/l|mmol/liter|mmol/litre|mmoll-1",
    "mg/dL": "mg/dl|mg/100ml",
    "%": "%|percent|%hb|%(ngsp)",
    "m[IU]/mL": "miu/ml|mu/ml|m[iu]/ml",
    "umol/L": "umol/l|umol/liter|umol/litre|micromol/l|mcmol/l",
    "g/L": "g/l|g/liter|g/litre",
    "g/dL": "g/dl|g/100ml|gm/dl",
    "10*9/L": "10*9/l|10^9/l|x10^9/l|x10*9/l|10e9/l|x10e9/l|10**9/l|x10(9)/l|10(9)/l|x109/l|giga/l",
    "10*3/uL": "10*3/ul|10^3/ul|x10^3/ul|x10*3/ul|10e3/ul|x10e3/ul|k/ul|thou/ul|thousand/ul|x10(3)/ul|k/mm3|10^3/mm3"
    "|10*3/mm3|x10^3/mm3|th/ul|x1000/ul|k/cumm",
    "/uL": "/ul|cells/ul|/mm3|cells/mm3|/cumm|cells/cumm|#/ul",
}
_SPELLED: dict[str, dict[str, str]] = {
    analyte: {
        spelling: unit for unit in units for spelling in (unit.casefold(), *_UNITS.get(unit, "").split("|")) if spelling
    }
    for analyte, units in t.ANALYTE_UNITS.items()
}


def plain_name(text: str) -> str:
    """A name for looking up: no case, no accents, no punctuation, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare.casefold().replace("β", "beta ").replace("γ", "gamma ")).split())


def unit_named(analyte: str, text: str) -> str | None:
    """The unit of ours that a spelling means for this analyte; None when it is none of its units."""
    bare = "".join(text.split()).replace("µ", "u").replace("μ", "u").casefold()
    bare = bare.replace("mcl", "ul").replace("×", "x").replace("⁹", "^9").replace("³", "^3").replace("/mm^3", "/mm3")
    return _SPELLED[analyte].get(bare)
