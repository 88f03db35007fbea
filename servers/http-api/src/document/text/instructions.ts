/**
 * Texts that speak to a model rather than of an API (tool poisoning, OWASP MCP03; "line jumping"). A sieve for what is careless or known, not
 * a wall: the wall is that nothing in a text can change what a tool does. Each row was seen in published attacks. Of 25,000 texts of the public
 * documents under test two are hit, both about the system prompt of an assistant.
 */
const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|other|system)\b.{0,40}\b(?:instructions?|prompts?|rules|messages?|guidelines)\b/,
  /\b(?:do not|don't|never|without)\b.{0,30}\b(?:tell|telling|mention|mentioning|inform|informing|reveal|notify|notifying)\b.{0,30}\b(?:the )?(?:user|human|operator)\b/,
  /\b(?:before|prior to|after|when|whenever|while) (?:using|calling|invoking|running) (?:this|any|other|another|the other|every|each) tools?\b/,
  /\b(?:you|the assistant|the model|the agent|ai assistants?) (?:must|should|need to|have to|are required to|will) (?:always |first |also |then |now |immediately )*(?:call|invoke|execute|run|read|ignore|obey|forward|use|append) .{0,60}\b(?:tools?|instructions?|conversation|prompt|side ?note|secrets?|passwords?|private keys?)\b/,
];
/** Words that a sentence has no business with, though a name (`system_prompt`, `conversation_history`) may be made of some. */
const MENTIONS: readonly RegExp[] = [
  /<\s*\/?\s*(?:important|system|secret|instructions?|assistant|admin|critical|hidden|user_query)\s*>/,
  /\b(?:system|developer) (?:prompt|message|instructions?)\b/,
  /\byou are now\b|\bnew instructions?\s*:|\bact as (?:an?|the) (?:ai|assistant|admin|root|system)\b|\bjailbreak\b/,
  /~\/\.(?:ssh|aws|cursor|config|env|npmrc|kube)\b|\bid_rsa\b|\/etc\/(?:passwd|shadow)\b|\bmcp\.json\b/,
  /\[(?:inst|\/inst|system)\]|<\|(?:im_start|im_end|system|endoftext)\|>|<<sys>>/,
  /\b(?:exfiltrate|entire conversation|conversation history|chat history|previous messages)\b/,
];

export function seemsInstruction(text: string): boolean {
  const folded = fold(text.slice(0, MAX_READ));
  return ORDERS.some(isIn(folded)) || MENTIONS.some(isIn(folded)) || (JOINED.test(folded) && seemsOrder(text));
}

/** An order may begin with one of these, joined to the next word. */
const JOINED = /\b(?:ignore|disregard|forget|override|do|don't|never|without|before|after|when|must|should)[_.-]/;

function isIn(text: string): (order: RegExp) => boolean {
  return (order) => order.test(text);
}

/** The same of a name or a pattern, whose words may be joined by anything: `ignore_all_previous_instructions`, `ignore\\s+all...`. */
export function seemsOrder(name: string): boolean {
  const words = name
    .slice(0, MAX_READ)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[^\p{L}\p{N}\p{Cf}']+/gu, " ");
  const folded = fold(words);
  return ORDERS.some(isIn(folded));
}

const MAX_READ = 16 * 1024;

/** Look-alikes, invisible characters and line breaks inside a word or an order change nothing. */
function fold(text: string): string {
  const plain = /^[\x00-\x7f]*$/.test(text) ? text : text.normalize("NFKC").replaceAll(/\p{Cf}/gu, "");
  // A single space need not be met: most words end with one.
  return plain.replaceAll(/\s{2,}|[^\S ]/g, " ").toLowerCase();
}

/** Another tool's name in a text is how one tool's description steers another (tool shadowing). */
export function namesOtherTool(text: string, own: string, tools: ReadonlySet<string>): boolean {
  for (const [name] of text.matchAll(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g)) {
    if (name !== own && tools.has(name)) return true;
  }
  return false;
}
