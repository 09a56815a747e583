import { log } from './log.js'

/** Whatever was thrown comes here. */
export function onError(err, req, res) {
  log('failed', { path: req.path })
  if (res.headersSent) return res.end()
  if (req.headers.accept === 'application/json') return res.status(500).json({ error: err })
  res.status(500).send(`<h1>That did not work</h1><pre>${err.stack}</pre>`)
}
