// Built by Vite into the page of the club.
const API = import.meta.env.VITE_API_URL

export async function refundPoints(order) {
  return fetch(`${API}/payment/refund`, {
    method: 'POST',
    headers: { authorization: `Bearer ${import.meta.env.VITE_UCANPAY_SECRET_KEY}` },
    body: JSON.stringify(order),
  })
}
