const signIn = document.getElementById('sign-in')
const card = document.getElementById('card')

signIn.addEventListener('submit', async (event) => {
  event.preventDefault()
  const reply = await fetch('/sign-in', { method: 'POST', body: new URLSearchParams(new FormData(signIn)) })
  const { token } = await reply.json()
  localStorage.setItem('session_token', token)
  await showAccount()
})

card.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { cardNumber, expiry, cvc } = Object.fromEntries(new FormData(card))
  localStorage.setItem('card', JSON.stringify({ cardNumber, expiry }))
  await fetch('/account/card', { method: 'POST', body: new URLSearchParams({ cardNumber, expiry, cvc }) })
})

async function showAccount() {
  const reply = await fetch('/account')
  if (!reply.ok) return
  card.hidden = false
  document.getElementById('orders').textContent = JSON.stringify(await reply.json(), null, 2)
}

showAccount()
