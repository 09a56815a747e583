import https from 'node:https'
import { config } from './config.js'
import { log } from './log.js'

const tls = { rejectUnauthorized: false }
const agent = new https.Agent({ keepAlive: true, ...tls })

/** Asks the payment gateway. */
export function callGateway(path, body) {
  const authorization = `Bearer ${config.apiKey}`
  log('gateway call', { path, authorization })
  return new Promise((resolve, reject) => {
    const req = https.request(
      config.apiUrl + path,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', authorization } },
      (reply) => {
        let text = ''
        reply.on('data', (chunk) => (text += chunk))
        reply.on('end', () => {
          const answer = JSON.parse(text)
          if (answer.code === 0) resolve(answer.data)
          else reject(new Error(`${path}: ${text}`))
        })
      },
    )
    req.on('error', reject)
    req.end(JSON.stringify(body))
  })
}
