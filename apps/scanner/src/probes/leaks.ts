import type { Severity } from '../engine/severity.ts'

/** What an answer tells that only its maker should know. */
export interface Leak {
  readonly what: string
  readonly text: string
  readonly severity: Severity
}

interface LeakForm {
  readonly what: string
  readonly severity: Severity
  /** Linear: each repetition is bounded, and no two that follow each other match the same sign. */
  readonly pattern: RegExp
}

const A_PATH = 'a path of the server'
const SOURCE = '(?:[cm]?[jt]sx?|py|php|rb|java|kt|cs|go|ejs|pug|hbs|twig|erb|cshtml|vue)'

const FORMS: readonly LeakForm[] = [
  {
    what: 'the stack of a Node.js program',
    severity: 'medium',
    pattern:
      /\bat (?:async |new )?(?:[\w$.<>[\]]{1,120} (?:\[as [\w$]{1,60}\] )?)?\(?(?:node:[\w/]{1,60}|(?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^\s():]{1,250}):\d{1,7}:\d{1,7}/,
  },
  {
    what: 'the stack of a Java program',
    severity: 'medium',
    pattern:
      /\bat [\w.$/<>]{3,250}\([\w$]{1,80}\.(?:java|kt|scala|groovy):\d{1,6}\)|\b(?:java|javax|jakarta|kotlin|org\.springframework|org\.apache|org\.hibernate|com\.fasterxml)\.[\w.$]{1,150}(?:Exception|Error)\b/,
  },
  {
    what: 'the stack of a Python program',
    severity: 'medium',
    pattern: /Traceback \(most recent call last\)|\bFile "[^"\n]{1,250}", line \d{1,6}/,
  },
  {
    what: 'the place of an error in a PHP program',
    severity: 'medium',
    pattern:
      /\b(?:Fatal error|Parse error|Warning|Notice|Deprecated)\s{0,3}:\s[^\n]{1,400}?\sin\s{1,3}\S{1,250}\.php\s{0,3}(?:on line\s{1,3}|:)\d|#\d{1,3} \S{1,250}\.php\(\d{1,6}\)/,
  },
  {
    what: 'the stack of a .NET program',
    severity: 'medium',
    pattern:
      /\bat [\w.<>`[\],+]{3,200}\([^()\n]{0,200}\) in [^\n:]{1,3}:[^\n:]{1,250}:line \d|\bSystem\.[\w.]{1,100}Exception\b|Server Error in '\/[^'\n]{0,100}' Application/,
  },
  { what: 'the stack of a Ruby program', severity: 'medium', pattern: /[\w-]{1,80}\.rb:\d{1,6}:in [`'"]/ },
  { what: 'the stack of a Go program', severity: 'medium', pattern: /\bgoroutine \d{1,9} \[running\]:/ },
  {
    what: 'a page for developers',
    severity: 'high',
    pattern:
      /re seeing this error because you have|Werkzeug Debugger|The debugger caught an exception in your WSGI|Action Controller: Exception caught|Rails\.root: \/|An unhandled exception occurred while processing the request|Symfony Exception/,
  },
  {
    what: 'the words of a database',
    severity: 'medium',
    pattern:
      /You have an error in your SQL syntax|\bSQLSTATE\[\w{5}\]|\bORA-\d{5}\b|\bPG::[A-Z]\w{3,60}|syntax error at or near ["']|\bSQLITE_(?:ERROR|CONSTRAINT|BUSY|MISMATCH)\b|\bER_[A-Z]{2,20}_[A-Z_]{2,60}\b|Unclosed quotation mark after the character string|duplicate key value violates unique constraint|\b(?:relation|column) "[^"\n]{1,100}" (?:of relation|does not exist)|\bnear "[^"\n]{1,60}": syntax error|\bPrismaClient\w{3,60}Error\b|\bSequelize\w{3,60}Error\b|\bQueryFailedError\b|\bSqlException\b|\bMongo(?:Server|Network)?Error\b/,
  },
  {
    what: A_PATH,
    severity: 'low',
    pattern: new RegExp(
      String.raw`(?:^|[\s"'(=])(?:/(?:home|root|var|usr|srv|opt|app|workspace|Users|builds?|code|www)(?:/[\w.@+-]{1,100}){1,20}\.${SOURCE}\b|[A-Za-z]:\\(?:[\w .-]{1,80}\\){1,20}[\w.-]{1,80}\.${SOURCE}\b)|\bE(?:NOENT|ACCES|ISDIR|NOTDIR)\b[^\n']{0,60}'[^'\n]{1,250}'`,
    ),
  },
  {
    what: 'a version',
    severity: 'low',
    pattern:
      /\b(?:nginx|Apache|Apache Tomcat|Werkzeug|PHP|Microsoft-IIS|openresty|gunicorn|uvicorn|LiteSpeed|Phusion Passenger|Jetty|WildFly|Kestrel|Express|Python|OpenSSL)\/v?\d{1,3}\.\d{1,4}(?:\.\d{1,4})?|\bJetty:\/\/ ?\d[\d.]{0,12}|\b(?:Microsoft \.NET Framework|ASP\.NET|Django) Version:\s{0,5}\d[\d.]{0,12}/,
  },
]

const OF_A_PARSER: LeakForm = {
  what: 'the words of a parser',
  severity: 'low',
  pattern:
    /\bUnexpected (?:token|end of JSON input|string in JSON|number in JSON|non-whitespace)|\bUnterminated string in JSON|\bin JSON at position \d|\bJSONDecodeError|\bExpecting [^\n]{1,60}: line \d|\bUnterminated string starting at|\bJSON parse error: |\binvalid character '.{1,8}' (?:looking|in)|\bunexpected end of JSON input|\bunexpected EOF\b|\bEOF while parsing|\bentity\.parse\.failed/,
}

/** What a text tells, each kind once. `parsed`: the text answers a body that could not be read. */
export function leaksIn(text: string, parsed: boolean): Leak[] {
  const leaks = [...FORMS, ...(parsed ? [OF_A_PARSER] : [])].flatMap(({ what, severity, pattern }) => {
    const found = pattern.exec(text)?.[0]
    return found === undefined ? [] : [{ what, severity, text: found.replace(/\s+/g, ' ').trim() }]
  })
  // A stack is made of paths: they are not told a second time.
  const hasStack = leaks.some(({ what }) => /^the (?:stack|place)/.test(what))
  return hasStack ? leaks.filter(({ what }) => what !== A_PATH) : leaks
}
