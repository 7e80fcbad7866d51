// The judge: reads questions from standard input, one JSON object a line, and answers each on standard output.
//
// {"define": "name", "policies": [{"name": "...", "policy": {...}}]} keeps policies under a name.
// {"ask": {...}} answers whether a request is allowed, and by which statement.
import { createInterface } from "node:readline";
import { createValidatedPolicy, validateIdentityPolicy } from "@cloud-copilot/iam-policy";
import { runSimulation, runUnsafeSimulation } from "@cloud-copilot/iam-simulate";

const sets = new Map();

// Where the strict simulation knows less than IAM, the plain one is asked, which takes a request as it is:
// - the public data has no condition keys for HTTP calls
//   (https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html);
// - a text message is authorised on its phone number, which is no resource there
//   (https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html);
// - the simulation loses the keys of an encryption context, whose names are made by the caller
//   (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html);
// - a request that touches none of an action's optional resources is one for every resource, and the strict
//   simulation takes that for a pattern.
const isBeyondTheData = (ask) =>
  ask.action === "states:InvokeHTTPEndpoint" ||
  ask.resource.startsWith("+") ||
  ask.anything ||
  Object.keys(ask.context ?? {}).some((key) => key.startsWith("kms:EncryptionContext:"));

function simulation(ask) {
  return {
    request: {
      principal: ask.principal,
      action: ask.action,
      resource: { resource: ask.resource, accountId: ask.account },
      contextVariables: ask.context ?? {},
    },
    identityPolicies: ask.policies ? sets.get(ask.policies) : [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(ask.resourcePolicy ? { resourcePolicy: ask.resourcePolicy } : {}),
  };
}

async function answer(ask) {
  if (isBeyondTheData(ask)) {
    const plain = simulation(ask);
    if (ask.anything) {
      // Only a statement on every resource grants it.
      plain.request.resource.resource = `arn:aws:${ask.action.split(":")[0]}:::none-in-particular`;
    }
    if (plain.resourcePolicy) {
      // The plain simulation forgets to name the resource policy, and a policy that has a name is left as it is.
      plain.resourcePolicy = createValidatedPolicy(plain.resourcePolicy, () => [], { name: "resource" });
    }
    return { allowed: runUnsafeSimulation(plain, {}) === "Allowed", by: [], ignored: [] };
  }
  const outcome = await runSimulation(simulation(ask), {});
  if (outcome.resultType === "error") {
    return { error: JSON.stringify(outcome.errors) };
  }
  if (outcome.resultType === "wildcard" && outcome.results.length > 1) {
    return { error: "the resource of a request may hold no wildcard" };
  }
  const result = outcome.resultType === "single" ? outcome.result : outcome.results[0];
  const statements = result?.analysis?.identityAnalysis?.allowStatements ?? [];
  return {
    allowed: outcome.overallResult === "Allowed",
    by: statements.map((each) => each.statement.sid() ?? String(each.statement.index())),
    ignored: result?.ignoredContextKeys ?? [],
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  let told;
  if (question.define) {
    // Validated once, not for every question.
    const validated = ({ name, policy }) => ({ name, policy: createValidatedPolicy(policy, validateIdentityPolicy, { name }) });
    sets.set(question.define, question.policies.map(validated));
    told = {};
  } else {
    told = await answer(question.ask).catch((error) => ({ error: String(error) }));
  }
  process.stdout.write(JSON.stringify(told) + "\n");
}
