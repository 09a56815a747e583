// Shows the order anew once its state has changed.
const heading = document.getElementById('state')
setInterval(async () => {
  const response = await fetch(`/orders/${heading.dataset.order}/state`)
  if (response.ok && (await response.text()) !== heading.dataset.state) location.reload()
}, 500)
