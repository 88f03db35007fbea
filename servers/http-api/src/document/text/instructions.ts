/**
 * Texts that speak to a model rather than of an API (tool poisoning, OWASP MCP03; "line jumping"). A sieve for what is careless or known, not
 * a wall: the wall is that nothing in a text can change what a tool does. Each row was seen in published attacks. Of 25,000 texts of the public
 * documents under test two are hit, both about the system prompt of an assistant.
 */
const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|other|system)\b.{0,40}\b(?:instructions?|prompts?|rules|messages?|guidelines)\b/,
  /<\s*\/?\s*(?:important|system|secret|instructions?|assistant|admin|critical|hidden|user_query)\s*>/,
  /\b(?:do not|don't|never|without)\b.{0,30}\b(?:tell|telling|mention|mentioning|inform|informing|reveal|notify|notifying)\b.{0,30}\b(?:the )?(?:user|human|operator)\b/,
  /\b(?:before|prior to|after|when|whenever|while) (?:using|calling|invoking|running) (?:this|any|other|another|the other|every|each) tools?\b/,
  /\b(?:you|the assistant|the model|the agent|ai assistants?) (?:must|should|need to|have to|are required to|will) (?:always |first |also |then |now |immediately )*(?:call|invoke|execute|run|read|ignore|obey|forward|use|append) .{0,60}\b(?:tools?|instructions?|conversation|prompt|side ?note|secrets?|passwords?|private keys?)\b/,
  /\b(?:system|developer) (?:prompt|message|instructions?)\b/,
  /\byou are now\b|\bnew instructions?\s*:|\bact as (?:an?|the) (?:ai|assistant|admin|root|system)\b|\bjailbreak\b/,
  /~\/\.(?:ssh|aws|cursor|config|env|npmrc|kube)\b|\bid_rsa\b|\/etc\/(?:passwd|shadow)\b|\bmcp\.json\b/,
  /\[(?:inst|\/inst|system)\]|<\|(?:im_start|im_end|system|endoftext)\|>|<<sys>>/,
  /\b(?:exfiltrate|entire conversation|conversation history|chat history|previous messages)\b/,
];

export function seemsInstruction(text: string): boolean {
  const folded = fold(text.slice(0, 16 * 1024));
  return ORDERS.some((order) => order.test(folded));
}

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
