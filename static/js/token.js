// Django's token for a form of the desk, as the server takes it now: signing in again, in another tab, made another
// one than the form was opened with. Puts it into the form, too, so that it can be saved.
export function token(form) {
  const field = form.elements.csrfmiddlewaretoken;
  const latest = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (latest) field.value = latest[1];
  return field.value;
}
