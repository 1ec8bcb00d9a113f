/** What makes a text look like an instruction. */
export type InjectionReason =
  | "instruction_override"
  | "role_header"
  | "boundary_breakout"
  | "tool_call"
  | "prompt_disclosure"
  | "exfiltration"
  | "authority_claim";

const gap = "[^a-z0-9]{1,4}";

/** Up to so many further words; an apostrophe stands in few of their places, or a row of them would split in countless ways. */
function words(most: number): string {
  return `(?:[a-z0-9]{1,20}(?:'[a-z]{1,3})?${gap}){0,${most}}`;
}

/** Where a clause begins, or what is said to somebody who shall obey: "people ignore rules" is neither. */
const clause =
  "(?:^|[.!?:;,\\n\"'`()\\[\\]{}*>#=/-] ?|\\b(?:please|must|should|shall|now|then|and|just|kindly|first|instead|immediately|" +
  "you to|need to|have to|you can|can you|could you|you may|you will|assistant|always|simply|so|or|ai) )";

const override =
  "(?:ignore|disregard|forget|override|overrule|bypass|discard|neglect|drop|cancel|skip|erase|dismiss|do not follow|don't follow|" +
  "stop following|stop obeying|do not obey|don't obey|set aside|pay no attention to|throw away|delete|abandon|unlearn|void|disable|turn off|deactivate)";
const earlier =
  "(?:previous|prior|above|earlier|preceding|former|foregoing|existing|original|initial|current|past|old|all|any|every|your|" +
  "system|developer|safety|hidden|everything|content|ethical|these|those|built in|moderation)";
const rules =
  "(?:instructions?|prompts?|rules?|directives?|guidelines?|guidance|orders?|commands?|constraints?|restrictions?|policy|policies|" +
  "guardrails?|safeguards?|filters?|programming|training|directions?|limitations?|protections?|messages?|alignment)";

function pattern(...sources: string[]): RegExp {
  return new RegExp(sources.join("|"), "mu");
}

const overrides = pattern(
  `${clause}${override}${gap}${words(2)}${earlier}${gap}${words(3)}${rules}\\b(?! (?:from|about|on|for|in) (?!me\\b|openai|anthropic|the system|your|this))`,
  `${clause}(?:ignore|forget|disregard)${gap}(?:everything|all|anything|what)${gap}(?:that )?(?:(?:was|is|i|you|we|the|they|has|have)${gap})?${words(3)}(?:above|before|previously|told|earlier|were told|been told|so far)\\b`,
  "\\b(?:(?:new|real|actual|true) system|new) instructions? ?:|\\b(?:new|updated|revised|real|actual|true) (?:system )?instructions? (?:follow|supersede|override)",
  "\\b(?:these|the following|my) instructions? (?:override|supersede|replace|take precedence|outrank)",
  "\\bfrom (?:now on|this point (?:on|forward|onwards?)|here on)\\b[^a-z0-9\\n]{1,3}(?:you|always|never|ignore|respond|reply|answer|act|do not|don't|refuse|pretend|speak)\\b",
  "\\byou are now (?:(?:an? |the |my )?(?:\\w{1,20} )?(?:ai|assistant|model|dan|root|admin|administrator|superuser|hacker|bot|terminal|shell|operator)\\b|in \\w{1,20} mode|no longer|free (?:of|from|to)|unrestricted|operating|acting|running|jailbroken)",
  "\\b(?:developer|god|dan|debug|jailbreak|unrestricted|sudo|admin) mode (?:is )?(?:now )?(?:enabled|activated|active|engaged|unlocked)\\b",
  `${clause}(?:enter|enable|activate|switch to|engage|go into|unlock) (?:developer|god|dan|debug|jailbreak|unrestricted|sudo|admin) mode`,
  "\\bdo anything now\\b",
  `${clause}(?:pretend|act|behave|respond|roleplay|answer|operate)${gap}(?:to be|as if|as though|as|like|that)${gap}${words(3)}(?:unrestricted|no (?:restrictions|rules|limits|filters|guidelines|policies)|without (?:any )?(?:restrictions|rules|limits|filters|guidelines|ethics)|jailbroken|uncensored|unfiltered|root|superuser|evil|dan)\\b`,
  `\\byour (?:new|real|true|only|actual) (?:instructions?|role|task|objective|goal|purpose|directive|persona|identity|mission|job|orders)${gap}(?:(?:is|are) (?:now )?to|shall|is:)\\b`,
  "\\byou (?:no longer have|have no|are not bound by|are free from|are no longer bound by|need not follow|don't have to follow)\\b[^.\\n]{0,30}\\b(?:rules|restrictions|guidelines|limits|limitations|policies|instructions|filters)\\b",
  "\\b(?:ignorier\\w{0,4}|vergiss|missachte) (?:\\w{1,30} ){0,3}(?:anweisungen|regeln|vorgaben|befehle)\\b",
  "\\b(?:ignore[zr]?|oublie[zr]?) (?:\\w{1,30} ){0,3}(?:instructions|consignes|regles) (?:precedentes|anterieures|ci-dessus)",
  "\\b(?:ignora|ignore|olvida) (?:\\w{1,30} ){0,3}(?:instrucciones|reglas|instrucoes|istruzioni)\\b",
  "\\bignora (?:tutte )?le istruzioni\\b",
  "(?:忽略|无视|忘记)[^\\n。]{0,12}(?:指令|指示|提示|规则)",
  "игнорируй|(?:を無視|無視して)",
);

const roleHeaders = pattern(
  "^[^a-z0-9\\n]{0,6}(?:system|developer|root|administrator)(?: (?:prompt|message|override|note|instruction|notice|alert|update|directive|command))?[^a-z0-9\\n]{0,4}[:>\\]][^a-z0-9\\n]{0,4}(?:you|ignore|override|new|from now|always|never|disregard|instruction|important|priority|grant|reveal|execute|the assistant|assistant|forget|respond|reply|your|send|answer|delete|output|obey|comply|do not|call)\\b",
  "\\[/?inst\\]|<</?sys>>|<\\|[a-z_]{2,30}\\|>|\\[/?system\\]|\\[system (?:message|prompt|override|note|instruction)",
  "^#{1,6} ?(?:system|instructions?|new instructions?|system prompt|system message|instruction) ?:",
  "\\bbegin (?:system|admin|developer) (?:prompt|message|override|instructions?)\\b",
  "\\bsystem (?:override|prompt override)\\b ?[:!-]",
  '"role" ?: ?"(?:system|developer)"',
);

const boundaries = pattern(
  "</ ?(?:memory|memories|context|system|instructions?|user_?input|untrusted|tool_result|tool_response|prompt|conversation|retrieved_?\\w{0,20}|memory_\\w{1,20}|assistant|user_?data|user|evidence|search_results?|content-[0-9a-f-]{1,40}) ?>",
  "[-=#*_~]{2} ?(?:end|begin|start|close)(?: of)?(?: the)? (?:memory|memories|context|system|prompt|instructions?|user (?:input|data|message)|retrieved|untrusted|conversation|document|data|system prompt)\\b",
  "\\[(?:end|begin|start)(?: of)? (?:memory|memories|context|system|prompt|instructions?|user input|data|untrusted|document)",
);

const toolCalls = pattern(
  '"(?:function_call|tool_calls?|tool_use|functioncall|toolcalls?)"',
  '\\{ ?"(?:name|tool|function|action)" ?: ?"[a-z0-9_.-]{1,60}" ?, ?"(?:arguments|parameters|input|args|action_input|params)" ?:',
  "</?(?:tool_call|tool_calls|function_calls?|function_results|invoke|tool_use|tools?_code|tool_code)\\b",
  "<invoke name=|\\bfunctions\\.[a-z_]{2,40} ?\\(|\\bdefault_api\\.",
  "^action ?: ?[a-z_ ]{2,40}\\naction input ?:",
  `${clause}(?:call|use|invoke|run|execute|trigger) (?:the |your )?[\`"']?[a-z]{1,20}_[a-z_]{1,30}[\`"']?(?:\\(\\))? (?:tool|function|api|command) (?:to|with|and|now|on|for|immediately)\\b`,
  `${clause}(?:call|use|invoke|run|execute) (?:the |your )?(?:shell|bash|terminal|code|python|email|browser|file|payment|transfer|delete|web|http|sql|admin) (?:tool|function) (?:to|with|and|now|on)\\b`,
);

const secret =
  "(?:system prompt|hidden (?:prompt|instructions?)|initial (?:prompt|instructions?)|(?:your|the|all) (?:full |exact |entire |secret |internal |original |complete )?(?:instructions|system message|prompt|configuration|guidelines)|" +
  "api[ _-]?keys?|passwords?|secrets|secret keys?|credentials|access tokens?|environment variables|private keys?|developer message)";
const disclosures = pattern(
  `${clause}(?:reveal|leak|expose|disclose|dump|divulge|exfiltrate)${gap}${words(5)}${secret}\\b`,
  `${clause}(?:print|repeat|show|output|display|recite|echo|return|list|tell me|give me|share|write out|translate|summarize|encode)${gap}${words(3)}(?:system prompt|hidden (?:prompt|instructions?)|initial (?:prompt|instructions?)|your (?:full |exact |entire |secret |internal |original |complete |own )?(?:instructions|system message|prompt|configuration|guidelines|rules)|developer message|everything above|(?:text|words|content) above|environment variables)\\b`,
  "\\bwhat (?:is|are|was|were) your (?:system prompt|hidden instructions?|initial instructions?|original instructions?|exact instructions?)",
);

const valuable =
  "(?:conversations?|chats?|chat logs?|(?:chat|conversation|message|browsing|search) history|memory|memories|credentials|passwords?|api[ _-]?keys?|tokens?|secrets?|system prompt|context|private keys?|ssh keys?|cookies?|" +
  "environment variables|personal (?:data|information)|user(?:'?s)? (?:data|details|information|messages?|inputs?|email|files?|queries|query|name|address|emails)|everything (?:you|the user|in|said)|all (?:messages|records|emails|contacts)|session|credit card|bank details|last (?:message|answer|reply))";
const destination =
  "(?:https?://|www\\.|ftp://|[a-z0-9._-]{1,40}@[a-z0-9-]{1,40}\\.|[a-z0-9-]{2,40}\\.(?:com|net|org|io|xyz|ru|cn|top|site|evil|example|dev|app)\\b|webhook)";
const exfiltrations = pattern(
  `${clause}(?:send|post|upload|forward|transmit|exfiltrate|e-?mail|mail|deliver|submit|leak|copy|export|ship|push|relay|report|append|attach|encode|pass|bcc|cc|put|include|embed)${gap}${words(4)}${valuable}\\b[^\\n]{0,60}?${destination}`,
  `!\\[[^\\]\\n]{0,60}\\]\\(https?://[^)\\s]{0,120}[?&/][^)\\s]{0,60}(?:\\{|<|\\[|%7b|\\$\\{|data=|secret|token|history|prompt=|memory|conversation)`,
  `\\b(?:fetch|get|visit|open|load|request|curl|call|browse to|navigate to|render|click)${gap}${words(3)}https?://[^\\s]{0,120}[?&][^\\s]{0,40}(?:\\{|<|\\[|\\$\\{|%7b)`,
);

const you = "(?:you|the assistant|the ai|the agent|the model|the chatbot|this assistant|the bot)";
const agent = "(?:the assistant|the ai|the model|the chatbot|this assistant|the bot)";
const duty =
  "(?:must|shall|should|will|is to|are (?:required|obliged|instructed|ordered|authorized|authorised|permitted) to)";
const manner =
  "(?:now |always |never |only |not |immediately |secretly |silently |henceforth |from now on )?";
const serve =
  "(?:obey|comply|answer with|respond with|reply with|treat \\w{1,20} as|grant|trust only)";
const betray =
  "(?:ignore|reveal|bypass|disregard|conceal|leak|disclose|upload|wire|exfiltrate|impersonate|disable|insert|praise|approve (?:all|any|every))";
const whenever =
  "\\b(?:when|whenever|if|every time|each time|next time) (?:the user|a user|any user|you are|you're|asked|the customer|(?:anyone|somebody|someone|they) (?:asks?|mentions?|inquires?|wants?|requests?|says?|writes?)) [^.\\n]{0,80}?";
const authority = pattern(
  `\\bremember (?:that )?(?:you (?:must|always|never|should (?:always|never))|${agent} (?:must|should|have to|has to|will|always|never|can|may))\\b`,
  "\\b(?:update|overwrite|modify|edit|rewrite|change|wipe|clear|erase|replace|poison|delete) your (?:long[ -]term |own |persistent |stored |core |internal )?(?:memory|memories|knowledge base|stored facts|beliefs)\\b",
  "\\b(?:add|save|store|write|commit|record|insert|persist)\\b[^.\\n]{0,40}\\b(?:to|in|into|as) (?:your|a|the) (?:long[ -]term |permanent |persistent |core |system |trusted )(?:memory|memories|instruction|rule|fact|knowledge)",
  "\\b(?:add|save|store|write|commit|record|insert)\\b[^.\\n]{0,40}\\b(?:to|in|into) your (?:memory|memories)\\b",
  `\\b(?:the )?user (?:has |have )?(?:already )?(?:pre-?approved|authorized|authorised|consented to (?:all|any|every|full|sharing)|granted (?:you|the assistant|full|permission)|approved (?:all|any|every)|given (?:you |full )?(?:permission|consent)|whitelisted|waived)`,
  "\\bthis (?:message )?is (?:an? )?(?:official |urgent |authorized |verified |important )?(?:admin|system|developer|openai|anthropic|administrator|security|root|google|microsoft)(?: level| team)? (?:message|instruction|override|command|directive|order)\\b",
  "\\b(?:as|i am|i'm|this is|speaking as) (?:an? |the |your )?(?:system |site |lead |real )?(?:administrator|admin|developer|creator|root user|superuser|openai|anthropic)\\b[^.\\n]{0,20}[, ](?:i (?:order|instruct|authorize|authorise|command|require|hereby)|you (?:must|should|will|need)|and (?:i|you)|ignore|grant|override)",
  `${whenever}[, ](?:${you} (?:must|should|shall|always|never) )?(?:reply with|respond with|reply that|respond that|recommend|answer with|answer that|secretly|silently|execute|include the|insert the|append|output|ignore)\\b`,
  `${whenever},? ?(?:${you} (?:must|should|shall)(?: always| never)?|${agent} (?:must|should|shall|will)(?: always| never)?) (?:answer|recommend|insert|refuse|respond|reply|say|send|mention|output|praise|give|tell|include)\\b`,
  `${whenever}, ?(?:always|never) (?:answer|recommend|insert|refuse|respond|reply|say|send|mention|output|call the|praise|give|tell|include)\\b`,
  `\\b${you} ${duty} ${manner}(?:${serve}|${betray})\\b`,
  `\\b${agent} ${duty} (?:now |only |not )?(?:always|never|secretly|silently)\\b`,
  `\\bthe agent ${duty} (?:secretly|silently)\\b`,
  `\\byou (?:must|shall|will) (?:now )?(?:always|never|only|secretly|silently) (?:say|tell|answer|respond|reply|recommend|mention|trust|refuse|send|use the|call|praise|prefer|warn|output|include)\\b`,
  "\\b(?:do not|don't|never|without) (?:tell|inform|notify|alert|mention (?:this|it|that) to|let|reveal (?:this|it|that) to|telling|informing|notifying|alerting|disclose (?:this|it) to) (?:the|any) users?\\b",
  "\\b(?:do not|don't|never) (?:question|refuse|verify|doubt|ask (?:for )?(?:confirmation|permission)|warn|mention this)\\b[^.\\n]{0,40}\\b(?:instruction|instructions|order|orders|command|commands|rule|request|requests|user|confirmation|permission|message)\\b",
  "\\b(?:highest|top|maximum|absolute) priority (?:instruction|rule|directive|command|order)s?\\b",
  "\\bauthori[sz]ation (?:code|level|token)[^.\\n]{0,30}\\b(?:override|bypass|granted|full access)\\b",
  "\\bthis (?:memory|fact|rule|note|instruction|entry) (?:(?:overrides|supersedes|outranks|takes precedence over|has priority over) (?:all|any|every|everything|whatever|the developer|the system|the user|previous|prior|other)|cannot be (?:changed|overridden|deleted)|must (?:never be (?:changed|overridden|deleted|forgotten|questioned)|be (?:obeyed|followed|treated|prioritized|prioritised)))\\b",
);

/** Each reason with the pattern that gives it; they run on folded text. Every gap in them is bounded, so time is linear. */
export const injectionRules: readonly (readonly [InjectionReason, RegExp])[] = [
  ["instruction_override", overrides],
  ["role_header", roleHeaders],
  ["boundary_breakout", boundaries],
  ["tool_call", toolCalls],
  ["prompt_disclosure", disclosures],
  ["exfiltration", exfiltrations],
  ["authority_claim", authority],
];
