/* The crew's job page: photos are made small on the phone and sent at once; the offer to undo leaves when it is over. */
(() => {
  const smaller = async (file, edge) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const ratio = Math.min(1, edge / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * ratio);
    canvas.height = Math.round(picture.height * ratio);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };

  const swap = (input, file) => { // what cannot be made smaller here is made smaller there
    const carrier = new DataTransfer();
    carrier.items.add(file);
    input.files = carrier.files;
  };

  document.querySelectorAll("[data-shrink]").forEach((input) => input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const said = input.form.querySelector("[data-sending]");
    if (said) said.textContent = said.dataset.sending;
    try { swap(input, await smaller(file, Number(input.dataset.shrink))); } catch { /* sent as it is */ }
    input.form.requestSubmit();
  }));

  document.querySelectorAll("[data-gone]").forEach((offer) =>
    setTimeout(() => offer.remove(), Number(offer.dataset.gone) * 1000));
})();
