// Runs ten_rules.cql over FHIR Bundles with cql-execution and prints one JSON object:
//   {"translate_ms", "open_ms", "us": [per patient], "rules_us": [...], "states": [[0 false | 1 true | 2 unknown, ...], ...]}
// Usage: node run.mjs BUNDLES.ndjson AS_OF RULE,RULE,... WARM_UP
// A patient's time (us) runs from the text of the Bundle to the ten results; rules_us is the part after the Bundle
// was parsed and handed to the data source, which is opened once.
import fs from "node:fs";
import { createRequire } from "node:module";
import { SystemModelInfoProvider } from "@cqframework/cql/cql";
import { CqlTranslator, LibraryManager, ModelManager, createModelInfoProvider, createUcumService, stringAsSource } from "@cqframework/cql/cql-to-elm";

const require = createRequire(import.meta.url);
const cql = require("cql-execution");
const fhir = require("cql-exec-fhir");

const [bundleFile, asOf, ruleList, warmUp] = process.argv.slice(2);
const rules = ruleList.split(",");
const texts = fs.readFileSync(bundleFile, "utf8").split("\n").filter(Boolean);

const LOINC = "http://loinc.org";
const RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
const codesOf = (system, ...codes) => ({ 1: codes.map((code) => ({ code, system, version: "1" })) });
const valueSets = new cql.CodeService({
  "bench/pregnancy-tests": codesOf(LOINC, "2106-3", "2118-8"),
  "bench/body-weight": codesOf(LOINC, "29463-7"),
  "bench/oral-isotretinoin": codesOf(RXNORM, "197843", "197844", "403930", "197845"),
});

function translate() {
  const modelInfo = require.resolve("cql-exec-fhir").replace(/lib\/index\.js$/, "lib/modelInfos/fhir-modelinfo-4.0.1.xml");
  const models = new ModelManager();
  const xml = fs.readFileSync(modelInfo, "utf8");
  models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
  models.modelInfoLoader.registerModelInfoProvider(createModelInfoProvider((id) => (id === "FHIR" ? stringAsSource(xml) : null)));
  const ucum = createUcumService(() => "", () => null, (a) => a, (a) => a); // the only units are days and years
  const text = fs.readFileSync(new URL("ten_rules.cql", import.meta.url), "utf8");
  const translator = CqlTranslator.fromText(text, new LibraryManager(models, undefined, undefined, ucum));
  const errors = translator.errors.asJsReadonlyArrayView().map((error) => error.message);
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return JSON.parse(translator.toJson());
}

function timed(work) {
  const begun = process.hrtime.bigint();
  const result = work();
  return [Number(process.hrtime.bigint() - begun) / 1e6, result];
}

const [translateMs, elm] = timed(translate);
const executor = new cql.Executor(new cql.Library(elm), valueSets, { "As of": cql.Date.parse(asOf) });
const now = cql.DateTime.parse(`${asOf}T12:00:00.000+00:00`);
const [openMs, source] = timed(() => fhir.PatientSource.FHIRv401());

async function decide(text) {
  const begun = process.hrtime.bigint();
  source.reset();
  source.loadBundles([JSON.parse(text)]);
  const loaded = process.hrtime.bigint();
  const [found] = Object.values((await executor.exec(source, now)).patientResults);
  const states = rules.map((rule) => (found[rule] === true ? 1 : found[rule] === false ? 0 : 2));
  const ended = process.hrtime.bigint();
  return { us: Number(ended - begun) / 1e3, rules_us: Number(ended - loaded) / 1e3, states };
}

for (const text of texts.slice(0, Number(warmUp))) await decide(text);
const done = [];
for (const text of texts) done.push(await decide(text));
const columns = Object.fromEntries(["us", "rules_us", "states"].map((key) => [key, done.map((one) => one[key])]));
console.log(JSON.stringify({ translate_ms: translateMs, open_ms: openMs, ...columns }));
