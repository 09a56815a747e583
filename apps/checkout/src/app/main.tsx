import { render } from 'preact'
import { embeddedOrder, orderApi } from '../features/order/order.ts'
import { language } from '../shared/texts.ts'
import { App } from './app.tsx'
import './style.css'

const [, , token = '', view] = location.pathname.split('/')
const root = document.getElementById('app')
document.documentElement.lang = language

// A page from the browser's memory shows how things stood; asking anew shows how they stand.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

if (root) render(<App first={embeddedOrder()} api={orderApi(token)} view={view === 'qr' ? 'qr' : 'pay'} />, root)
