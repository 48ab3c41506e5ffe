"use strict";

const $ = (id) => document.getElementById(id);
const REACH = 5;  // How far the sliders go; latents are some ten units long.
const WAY = 9;  // Images from one seed to the other.
const SIDE = 5;  // Neighbours across and down.

async function ask(url, options) {
  let response, content;
  try {
    response = await fetch(url, options);
    content = await response.json();
  } catch {
    throw new Error("The program does not answer. Is it still running?");
  }
  if (!response.ok) throw new Error(content.error);
  return content;
}

// Runs a job for the newest state only: while one is under way, at most one more waits.
function newest(job) {
  let running = false, again = false;
  return async () => {
    if (running) { again = true; return; }
    running = true;
    do {
      again = false;
      try {
        await job();
        $("error").hidden = true;
      } catch (error) {
        $("error").textContent = error.message;
        $("error").hidden = false;
      }
    } while (again);
    running = false;
    document.body.dataset.drawn = Number(document.body.dataset.drawn || 0) + 1;
  };
}

function show(image, link, url) {
  $(image).src = url;
  $(link).href = url;
}

function option(select, text, value) {
  select.append(new Option(text, value));
}

// Several images as one, `columns` side by side.
async function sheet(urls, columns) {
  const images = await Promise.all(urls.map(async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  }));
  const canvas = document.createElement("canvas");
  const {width, height} = images[0];
  canvas.width = columns * width;
  canvas.height = Math.ceil(images.length / columns) * height;
  const context = canvas.getContext("2d");
  images.forEach((image, i) =>
    context.drawImage(image, (i % columns) * width, Math.floor(i / columns) * height));
  return canvas.toDataURL();
}

function exploreGenerator(model) {
  let sliders = [];
  const codes = model.codes.map(({name, reach}, i) =>
    slider("codes", `code_${i}`, name, " from that of the seed", reach));
  $("codes").hidden = !codes.length;
  const choices = Object.entries(model.choices).map(([name, classes]) => {
    const label = document.createElement("label");
    label.htmlFor = `choice_${name}`;
    const select = document.createElement("select");
    select.id = label.htmlFor;
    select.name = name;
    classes.forEach((text, i) => option(select, text, i));
    label.append(`${name} `, select);
    $("choices").append(label);
    $("choices").hidden = false;
    select.addEventListener("input", directionsOfClass);
    return select;
  });

  const chosen = () =>
    Object.fromEntries(choices.map((select) => [select.name, Number(select.value)]));

  // Each class has directions of its own.
  const newDirections = newest(async () => {
    showDirections((await ask(`/explorer/model?${new URLSearchParams(chosen())}`)).shares);
    draw();
  });

  function directionsOfClass(event) {
    event.stopPropagation();
    newDirections();
  }

  function showDirections(shares) {
    const [across, down] = [$("across").value || 0, $("down").value || 1];
    for (const id of ["directions", "across", "down"]) $(id).replaceChildren();
    sliders = [...codes, ...shares.map((share, i) => slider(
      "directions", `direction_${i}`, `Direction ${i + 1}`,
      ` ${Math.round(100 * share)} % of the variation`, REACH))];
    for (const id of ["across", "down"]) {
      sliders.forEach((input, i) => option($(id), input.name, i));
    }
    $("across").value = Math.min(across, sliders.length - 1);
    $("down").value = Math.min(down, sliders.length - 1);
  }

  function slider(place, id, name, note, reach) {
    const label = document.createElement("label");
    label.className = "slider";
    label.htmlFor = id;
    const text = document.createElement("span");
    const small = document.createElement("small");
    small.textContent = note;
    text.append(name, small);
    const input = document.createElement("input");
    Object.assign(input, {
      id, name: name.toLowerCase(), type: "range", min: -reach, max: reach, step: 0.1, value: 0,
    });
    const output = document.createElement("output");
    output.htmlFor = input.id;
    label.append(text, input, output);
    $(place).append(label);
    return input;
  }

  const amounts = () => sliders.map((slider) => Number(slider.value));

  function seed(id) {
    const value = $(id).valueAsNumber;
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new Error("A seed is a whole number from 0 on.");
    }
    return value;
  }

  function point(changes) {
    return {
      seed: seed("seed"), to_seed: seed("to_seed"), position: Number($("position").value),
      amounts: amounts(), ...changes,
    };
  }

  function neighbours() {
    const middle = (SIDE - 1) / 2;
    const step = $("step").valueAsNumber || 0;
    return Array.from({length: SIDE * SIDE}, (_, i) => {
      const there = amounts();
      if (sliders.length) {
        there[$("across").value] += step * (i % SIDE - middle);
        there[$("down").value] += step * (Math.floor(i / SIDE) - middle);
      }
      return point({amounts: there});
    });
  }

  function thumbnails(id, urls, points, name) {
    $(id).replaceChildren(...urls.map((url, i) => {
      const button = document.createElement("button");
      button.type = "button";
      const image = document.createElement("img");
      image.src = url;
      image.alt = `${name} ${i + 1}`;
      button.append(image);
      button.addEventListener("click", () => go(points[i]));
      return button;
    }));
  }

  function go(there) {
    $("position").value = there.position;
    sliders.forEach((slider, i) => { slider.value = there.amounts[i]; });
    draw();
  }

  const draw = newest(async () => {
    document.querySelectorAll("output").forEach((output) => {
      output.textContent = Number($(output.htmlFor.value).value).toFixed(
        output.htmlFor.value === "position" ? 2 : 1);
    });
    const way = Array.from({length: WAY}, (_, i) => point({position: i / (WAY - 1)}));
    const grid = neighbours();
    const {images} = await ask("/explorer/generate", {
      method: "POST",
      body: JSON.stringify({chosen: chosen(), points: [point(), ...way, ...grid]}),
    });
    const [wayImages, gridImages] = [images.slice(1, 1 + WAY), images.slice(1 + WAY)];
    show("image", "save_image", images[0]);
    thumbnails("way", wayImages, way, "Step");
    thumbnails("neighbours", gridImages, grid, "Neighbour");
    $("neighbours").children[(SIDE * SIDE - 1) / 2].className = "here";
    $("save_way").href = await sheet(wayImages, WAY);
    $("save_neighbours").href = await sheet(gridImages, SIDE);
  });

  showDirections(model.shares);
  $("generator").hidden = false;
  $("generator").addEventListener("input", draw);
  $("centre").addEventListener("click", () => {
    sliders.forEach((slider) => { slider.value = 0; });
    draw();
  });
  $("another").addEventListener("click", () => {
    $("seed").value = Math.floor(Math.random() * 1e6);
    $("position").value = 0;
    draw();
  });
  draw();
}

function exploreTranslator(model) {
  let file = null;
  const draw = newest(async () => {
    if (file === null) return;
    const translation = encodeURIComponent($("translation").value);
    const {images} = await ask(`/explorer/translate?translation=${translation}`, {
      method: "POST", body: file,
    });
    $("before").src = images[0];
    show("after", "save_after", images[1]);
    $("pair").hidden = false;
  });

  function take(files) {
    if (!files.length) return;
    file = files[0];
    draw();
  }

  model.translations.forEach((name) => option($("translation"), name.replaceAll("_", " "), name));
  $("translator").hidden = false;
  $("translation").addEventListener("input", draw);
  $("file").addEventListener("change", () => take($("file").files));
  // Anywhere on the page: a picture that misses would replace the page.
  for (const [event, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(event, (happened) => {
      happened.preventDefault();
      $("drop").classList.toggle("over", over);
      if (event === "drop") take(happened.dataTransfer.files);
    });
  }
}

newest(async () => {
  const model = await ask("/explorer/model");
  document.title = `${model.name} · Explorer`;
  $("name").textContent = model.name;
  $("about").textContent = model.generates
    ? "What a generator makes of its latents."
    : "What a translator makes of an image.";
  $("rest").textContent = `${location.origin}/v1/models/${model.name}`;
  (model.generates ? exploreGenerator : exploreTranslator)(model);
})();
