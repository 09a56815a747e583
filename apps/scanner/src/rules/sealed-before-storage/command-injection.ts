import { isChecked, sentIn } from '../../engine/flows/request-flow.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, type Value } from '../../engine/values/value.ts'

/** Functions that give a text to a shell. */
const BY_SHELL = [
  'child_process.exec',
  'child_process.execSync',
  'shelljs.exec',
  'execa.command',
  'execa.execaCommand',
  'execa.commandSync',
  'execa.execaCommandSync',
  'child-process-promise.exec',
  'node-cmd.get',
  'node-cmd.run',
  'node-cmd.runSync',
]
/** Functions that start a program with a list of arguments, and ask a shell only where `shell` says so. */
const BY_LIST = [
  'child_process.spawn',
  'child_process.spawnSync',
  'child_process.execFile',
  'child_process.execFileSync',
  'cross-spawn',
  'cross-spawn.spawn',
  'cross-spawn.sync',
  'execa',
  'execa.execa',
  'execa.sync',
]
/** Functions that run a text as JavaScript. */
const AS_PROGRAM = [
  'eval',
  'new Function',
  'vm.runInNewContext',
  'vm.runInThisContext',
  'vm.runInContext',
  'new vm.Script',
]

export const rule: Rule = {
  id: 'command-injection',
  practice: 6,
  severity: 'critical',
  title: 'What a client sent is run, by a shell or as a program',
  why: 'A semicolon in a form field is the end of your command and the beginning of theirs: whoever sends it works on the server with the rights of the shop, reads its keys and its database, and stays.',
  mend: "Start the program itself, with a list of arguments and without a shell (`execFile('convert', [file])`), put `--` before what was sent, and take only values of a form that you know. Never run a text as code.",
  before: 'exec(`convert ${req.body.file} out.png`)',
  after: "execFile('convert', ['--', uploads.pathOf(req.body.id), 'out.png'])",
  controls: { pci: ['6.2.4'], asvs: ['1.2.5'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'generated', 'vendored'],
  words: ['exec', 'spawn', 'child_process', 'shelljs', 'node-cmd', 'eval', 'Function(', 'vm'],
  on: {
    calls: [
      { to: BY_SHELL, check: (call, scan) => check(call.args[0], call, scan) },
      { to: AS_PROGRAM, check: (call, scan) => check(call.args.at(call.path === 'new Function' ? -1 : 0), call, scan) },
      { to: BY_LIST, check: checkList },
    ],
  },
}

/** The program itself, and the arguments where a shell gets them. */
function checkList(call: CallSite, scan: CodeScan): void {
  const [program, list] = call.args
  check(program, call, scan)
  const usesShell = call.args.slice(1).some((arg) => isShell(arg, scan))
  const isShellItself = program !== undefined && optionsOf(program).some(isShellProgram)
  if (usesShell || isShellItself) check(list, call, scan)
}

function isShell(options: Value, scan: CodeScan): boolean {
  if (!optionsOf(options).some(({ kind }) => kind === 'object')) return false
  return scan
    .members(options, 'shell')
    .some(({ value }) => value.kind === 'constant' && value.value !== false && value.value !== undefined)
}

function isShellProgram(program: Value): boolean {
  return (
    program.kind === 'constant' &&
    /^(?:\/\w+)*\/?(?:ba|z|da|k)?sh$|^cmd(?:\.exe)?$|^powershell/.test(String(program.value))
  )
}

function check(command: Value | undefined, call: CallSite, scan: CodeScan): void {
  if (!command) return
  const use = { module: scan.module, node: call.node }
  const hit = sentIn(command, scan).find(
    (each) => !isChecked(each, command.origin, { scan }) && !isChecked(each, use, { scan }),
  )
  if (!hit) return
  const text = optionsOf(command).find((option) => option.kind === 'text' && sentIn(option, scan).length > 0)
  scan.report({
    at: scan.placeOf(text?.origin ?? use),
    message: AS_PROGRAM.includes(call.path)
      ? 'What the client sent is run as code'
      : 'What the client sent becomes part of a command: start the program with a list of arguments, without a shell',
    related: [
      { what: 'sent by the client', at: scan.placeOf(hit.origin) },
      { what: 'run here', at: scan.placeOf(call.node) },
    ],
  })
}
