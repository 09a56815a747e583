import { render } from 'preact'
import type { ShownStaticCode } from '@ucanpay/wire/static-code-order'
import { codeOrder } from '../features/code/code-order.ts'
import { embedded, orderApi, type CheckoutOrder } from '../features/order/order.ts'
import { language } from '../shared/texts.ts'
import { App } from './app.tsx'
import { CodeApp } from './code-app.tsx'
import './style.css'

const [, kind, token = '', view] = location.pathname.split('/')
const root = document.getElementById('app')
document.documentElement.lang = language

// A page from the browser's memory shows how things stood; asking anew shows how they stand.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

if (root && kind === 'q')
  render(<CodeApp code={embedded('code') as ShownStaticCode | undefined} order={codeOrder(token)} />, root)
else if (root)
  render(
    <App
      first={embedded('order') as CheckoutOrder | undefined}
      api={orderApi(token)}
      view={view === 'qr' ? 'qr' : 'pay'}
    />,
    root,
  )
