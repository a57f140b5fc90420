--[[ kreisbericht, HTML: the report's divs and spans become semantic, script-free, style-free HTML.

Used twice: by the embedded assembler (pandoc, one page at a time) and as a filter of the Quarto format.
Quarto numbers and frames figures, tables and callouts itself; what differs there is guarded by `in_quarto`, and
`kreisbericht.assemble.quarto_text` makes its frames ours once it is done.
Nothing here emits a `style` attribute: pages run under a Content-Security-Policy that forbids them.
]]

local in_quarto = quarto ~= nil
local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE or "")
local beilagen = in_quarto and require("beilagen") or dofile(pandoc.path.join({ folder, "beilagen.lua" }))
local enclosed = {}
local WORDS = { fig = "Abbildung", tbl = "Tabelle" }
local BOXES = { kernaussagen = true, einordnung = true, handlungsbedarf = true }
local CALLOUTS = { note = "Hinweis", tip = "Tipp", warning = "Achtung", important = "Wichtig", caution = "Vorsicht" }
local SCHEMES = { http = true, https = true, mailto = true, tel = true }
local PHONE = "(max-width: 600px)"

local List = pandoc.List
local PICTURE = List({ "alt", "fig-alt", "breite", "hoehe", "telefon", "telefon-breite", "telefon-hoehe" })

local function raw(text)
  return pandoc.RawBlock("html", text)
end

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function has(element, class)
  return element.classes and element.classes:includes(class)
end

local function text_of(inlines)
  return pandoc.utils.stringify(inlines)
end

-- 1. Nothing from a chapter, a table or a title becomes markup of its own ------------------------------------------

local function plain_attributes(element)
  for name in pairs(element.attributes) do
    if name == "style" or name:match("^on") then element.attributes[name] = nil end
  end
  return element
end

local function safe_link(link)
  plain_attributes(link)
  -- A browser ignores spaces and control characters in front of and inside a scheme.
  local scheme = link.target:gsub("[%c%s]", ""):match("^([%w+.-]+):")
  if scheme and not SCHEMES[scheme:lower()] then return link.content end
  if scheme and scheme:lower():match("^https?$") then link.classes:insert("extern") end
  return link
end

local neutralise = {
  RawBlock = function(block)
    if block.format == "typst" and block.text:match("^%s*#pagebreak%(weak: true%)%s*$") then return {} end
    return pandoc.CodeBlock(block.text)
  end,
  RawInline = function(inline)
    return pandoc.Code(inline.text)
  end,
  Link = safe_link,
  Span = plain_attributes,
  Div = plain_attributes,
  Header = plain_attributes,
  Code = plain_attributes,
  CodeBlock = plain_attributes,
}

-- 2. Figures and tables -----------------------------------------------------------------------------------------------

local function number_of(element, kind, fallback)
  local number = element.attributes.number or (fallback and fallback.attributes.number)
  element.attributes.number = nil
  return number and ('<span class="no">%s %s</span>'):format(WORDS[kind], escape(number)) or ""
end

local function sized(attributes, prefix)
  local width, height = attributes[prefix .. "breite"], attributes[prefix .. "hoehe"]
  if not (width and height and width:match("^%d+$") and height:match("^%d+$")) then return "" end
  return (' width="%s" height="%s"'):format(width, height)
end

local function picture(image)
  local a = image.attributes
  local alt = a.alt or a["fig-alt"] or text_of(image.caption)
  local img = ('<img src="%s" alt="%s"%s decoding="async">'):format(escape(image.src), escape(alt), sized(a, ""))
  if not a.telefon then return img end
  local source = '<source media="%s" srcset="%s"%s>'
  return "<picture>" .. source:format(PHONE, escape(a.telefon), sized(a, "telefon-")) .. img .. "</picture>"
end

local function only_image(block)
  local first = (block.t == "Plain" or block.t == "Para") and #block.content == 1 and block.content[1]
  return first and first.t == "Image" and first or nil
end

local function figure_blocks(figure, trailing)
  local image = #figure.content == 1 and only_image(figure.content[1]) or nil
  local id = figure.identifier ~= "" and (' id="%s"'):format(escape(figure.identifier)) or ""
  local blocks = List({ raw(("<figure%s><figcaption>%s"):format(id, number_of(figure, "fig", image))) })
  blocks:insert(pandoc.Plain(pandoc.utils.blocks_to_inlines(figure.caption.long)))
  blocks:insert(raw("</figcaption>"))
  blocks:extend(image and { raw(picture(image)) } or figure.content)
  blocks:extend(trailing)
  blocks:insert(raw("</figure>"))
  return blocks
end

-- Alignment as a class: pandoc would write it as a style attribute.
local function align_cells(rows, aligns)
  for _, row in ipairs(rows) do
    local column = 1
    for _, cell in ipairs(row.cells) do
      local align = cell.alignment ~= "AlignDefault" and cell.alignment or aligns[column]
      if align == "AlignRight" or align == "AlignCenter" then
        cell.attr.classes:insert(align == "AlignRight" and "r" or "m")
      end
      cell.alignment = "AlignDefault"
      column = column + cell.col_span
    end
  end
end

local function mark_row(row)
  local first = row.cells[1]
  if not first then return end
  first.attr.attributes.scope = "row"
  pandoc.walk_block(pandoc.Div(first.contents), {
    Span = function(span)
      if has(span, "heim") then row.attr.classes:insert("heim") end
      if has(span, "summe") then row.attr.classes:insert("summe") end
    end,
  })
end

local function semantic_table(tbl)
  local aligns = tbl.colspecs:map(function(spec) return spec[1] end)
  tbl.colspecs = tbl.colspecs:map(function() return { "AlignDefault", nil } end)
  align_cells(tbl.head.rows, aligns)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      if #cell.contents > 0 then cell.attr.attributes.scope = "col" end
    end
  end
  for _, body in ipairs(tbl.bodies) do
    align_cells(body.body, aligns)
    if #tbl.head.rows > 0 then
      body.row_head_columns = 1
      for _, row in ipairs(body.body) do mark_row(row) end
    end
  end
  align_cells(tbl.foot.rows, aligns)
  return tbl
end

local function table_caption(tbl, name)
  local caption = List({ pandoc.RawInline("html", number_of(tbl, "tbl")) })
  caption:extend(pandoc.utils.blocks_to_inlines(tbl.caption.long))
  return { long = { pandoc.Plain({ pandoc.Span(caption, pandoc.Attr(name, { "tabellentitel" })) }) } }
end

local anonymous = 0

local function table_blocks(tbl, trailing)
  local id = tbl.identifier
  if id == "" then
    anonymous = anonymous + 1
    id = "tabelle-" .. anonymous
  end
  local titled = #tbl.caption.long > 0
  local label = titled and ('aria-labelledby="%s-titel"'):format(escape(id)) or ('aria-label="Tabelle %d ohne Titel"'):format(anonymous)
  tbl = semantic_table(tbl)
  if titled then tbl.caption = table_caption(tbl, id .. "-titel") end
  tbl.identifier = ""
  local blocks = List({ raw(('<div class="tafel" id="%s"><div class="rollfeld" tabindex="0" role="region" %s>'):format(escape(id), label)) })
  blocks:insert(tbl)
  blocks:insert(raw("</div>"))
  blocks:extend(trailing)
  blocks:insert(raw("</div>"))
  return blocks
end

-- 3. Boxes, definitions, notes, headings ------------------------------------------------------------------------------

local function heading_in(blocks)
  for _, block in ipairs(blocks) do
    if block.t == "Header" then return block end
  end
end

-- A div of class `section` would take over the heading's id; then it could not be named by that heading.
-- Quarto makes a section of such a div anyway, so there it only gets its classes.
local function box(div, class)
  if in_quarto then
    div.classes = List({ "kasten", class })
    return div
  end
  local heading = heading_in(div.content)
  if heading and heading.identifier == "" then heading.identifier = class end
  local label = heading and (' aria-labelledby="%s"'):format(escape(heading.identifier)) or ""
  local blocks = List({ raw(('<section class="kasten %s"%s>'):format(class, label)) })
  blocks:extend(div.content)
  blocks:insert(raw("</section>"))
  return blocks
end

local function definitions(list)
  local blocks = List({ raw('<dl class="grund">') })
  for _, item in ipairs(list.content) do
    blocks:insert(raw("<div><dt>"))
    blocks:insert(pandoc.Plain(item[1]))
    blocks:insert(raw("</dt>"))
    for _, definition in ipairs(item[2]) do
      blocks:insert(raw("<dd>"))
      blocks:extend(definition)
      blocks:insert(raw("</dd>"))
    end
    blocks:insert(raw("</div>"))
  end
  blocks:insert(raw("</dl>"))
  return blocks
end

local function callout_kind(div)
  for kind in pairs(CALLOUTS) do
    if has(div, "callout-" .. kind) then return kind end
  end
end

local function note(kind, title, content)
  local open = '<div class="hinweis hinweis-%s" role="note"><p class="hinweistitel">%s</p>'
  local blocks = List({ raw(open:format(kind, escape(title))) })
  blocks:extend(content)
  blocks:insert(raw("</div>"))
  return blocks
end

local function callout(div, kind)
  local content = List(div.content)
  local title = div.attributes.title or CALLOUTS[kind]
  if not div.attributes.title and content[1] and content[1].t == "Header" then
    title = text_of(content[1].content)
    content:remove(1)
  end
  return note(kind, title, content)
end

local function numbered_heading(header)
  local number = header.attributes.number
  header.attributes.number, header.attributes.kurz = nil, nil
  header.classes = header.classes:filter(function(class) return class ~= "unnumbered" and class ~= "unlisted" end)
  if number then
    header.content:insert(1, pandoc.Space())
    header.content:insert(1, pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "nr" })))
  end
  return header
end

-- 4. What can be taken along: files, citation, the sheets of the indicators ------------------------------------------

local function disclosure(kind, word, title)
  local about = title ~= "" and ('<span class="vh"> zu: %s</span>'):format(escape(title)) or ""
  return raw(('<details class="%s"><summary>%s%s</summary>'):format(kind, word, about))
end

local function archive_link()
  local file = enclosed.daten
  if not file then return nil end
  return ('<a href="%s" download="%s">Alle Daten der Ausgabe (ZIP, %s)</a>'):format(
    escape(enclosed.wurzel .. file.datei), escape(file.name), escape(file.groesse))
end

local function files(links, title)
  local blocks = List({ disclosure("dateien", "Daten", title), raw("<ul>") })
  for _, link in ipairs(links) do
    blocks:extend({ raw("<li>"), pandoc.Plain({ link }), raw("</li>") })
  end
  local all = archive_link()
  if all then blocks:insert(raw("<li>" .. all .. "</li>")) end
  blocks:extend({ raw("</ul></details>") })
  return blocks
end

-- Entries for reference managers, written beside the page (assemble/citations.py).
local function reference_files(place, of_what)
  local link = '<a href="%s.%s" download>%s<span class="vh"> %s</span></a>'
  return link:format(escape(place), "bib", "BibTeX", of_what) .. " " .. link:format(escape(place), "ris", "RIS", of_what)
end

-- The address is only known where the project names its site; elsewhere the page's script adds the one it has.
-- Quarto counts later than this filter: `quarto_text` puts the number where it is left out here.
local function citation(name, number, title)
  local cite = enclosed.zitat
  if not cite then return {} end
  local id, page = escape("zitat-" .. name), enclosed.seite .. ".html#" .. name
  local label = number ~= "" and escape(number .. ": ") or in_quarto and '<span class="nummer"></span>' or ""
  local address = cite.adresse ~= "" and escape(cite.adresse .. page) or ""
  local text = '<p class="zitat" id="%s">%s: %s%s. In: %s <span data-adresse="#%s">%s</span></p>'
  return {
    disclosure("zitieren", "Zitieren", title),
    raw(text:format(id, escape(cite.vorn), label, escape(title), escape(cite.hinten), escape(name), address)),
    raw(('<p><button type="button" class="kopieren" data-kopiert="%s" hidden>Zitat kopieren</button> %s</p>'):format(
      id, reference_files(enclosed.seite:match("[^/]*$"), "zu diesem Kapitel"))),
    raw("</details>"),
  }
end

local function sheet_link(sheet, words)
  local address = enclosed.wurzel .. enclosed.blaetter.seite .. ".html#" .. sheet.id
  return ('<a class="blatt" href="%s">%s</a>'):format(escape(address), words)
end

local function sheets(names, title)
  local listed = enclosed.blaetter and enclosed.blaetter.liste or {}
  local known = names:map(function(name) return listed[name] end):filter(function(sheet) return sheet ~= nil end)
  if #known == 0 then return {} end
  if #known == 1 then
    return { raw(sheet_link(known[1], ('Indikatorenblatt<span class="vh">: %s</span>'):format(escape(known[1].titel)))) }
  end
  local blocks = List({ disclosure("blaetter", "Indikatorenblätter", title), raw("<ul>") })
  for _, sheet in ipairs(known) do blocks:insert(raw("<li>" .. sheet_link(sheet, escape(sheet.titel)) .. "</li>")) end
  blocks:insert(raw("</ul></details>"))
  return blocks
end

local function tools(div)
  local links, names, title, name = List(), List(), "", ""
  div:walk({
    Link = function(link)
      links:insert(link)
      name = name ~= "" and name or link.target:match("([^/]+)%.csv$") or ""
    end,
    Span = function(span)
      if has(span, "blatt") then names:insert(span.attributes.indikator or "") end
      if has(span, "vh") and title == "" then title = text_of(span.content):gsub("^%s*zu: ", "") end
    end,
  })
  if #links == 0 then return div end
  local blocks = List({ raw('<div class="werkzeuge">') })
  blocks:extend(files(links, title))
  if name ~= "" then blocks:extend(citation(name, div.attributes.nummer or "", title)) end
  blocks:extend(sheets(names, title))
  blocks:insert(raw("</div>"))
  return blocks
end

local function all_files()
  local link = archive_link()
  return link and { raw('<p class="alle-daten">' .. link .. "</p>") } or {}
end

local function whole_reference()
  local text = '<p class="literatur">Zitat dieses Berichts für Literaturprogramme: %s</p>'
  return enclosed.zitat and { raw(text:format(reference_files(enclosed.wurzel .. "zitat", "zu diesem Bericht"))) } or {}
end

local function section_div(div)
  if has(div, "werkzeuge") then return tools(div) end
  if has(div, "alle-daten") then return all_files() end
  if has(div, "zitat-dateien") then return whole_reference() end
  for class in pairs(BOXES) do
    if has(div, class) then return box(div, class) end
  end
  if has(div, "datengrundlage") then
    return pandoc.Div(div.content, pandoc.Attr(div.identifier, { "datengrundlage" })):walk({ DefinitionList = definitions })
  end
  local kind = not in_quarto and callout_kind(div)
  if kind then return callout(div, kind) end
end

-- Source line and download links that follow a figure or table belong to it.
local function trailing_blocks(blocks, start)
  local taken, i = List(), start
  while blocks[i] and blocks[i].t == "Div" and (has(blocks[i], "quelle") or has(blocks[i], "werkzeuge")) do
    taken:insert(blocks[i])
    i = i + 1
  end
  return taken, i
end

-- The number a citation names: 'Abbildung 4.1'.
local function name_tools(float, trailing)
  local image = float.t == "Figure" and #float.content == 1 and only_image(float.content[1]) or nil
  local number = float.attributes.number or (image and image.attributes.number)
  for _, block in ipairs(trailing) do
    if number and has(block, "werkzeuge") then
      block.attributes.nummer = WORDS[float.t == "Figure" and "fig" or "tbl"] .. " " .. number
    end
  end
end

local function group_floats(blocks)
  local result, i = List(), 1
  while i <= #blocks do
    local block = blocks[i]
    if block.t == "Figure" or block.t == "Table" then
      local trailing, after = trailing_blocks(blocks, i + 1)
      name_tools(block, trailing)
      result:extend(block.t == "Figure" and figure_blocks(block, trailing) or table_blocks(block, trailing))
      i = after
    else
      result:insert(block)
      i = i + 1
    end
  end
  return result
end

-- The first paragraph after the title is the chapter's question.
local function mark_lead(doc)
  for i, block in ipairs(doc.blocks) do
    if block.t == "Para" then
      doc.blocks[i] = pandoc.Div({ block }, pandoc.Attr("", { "leitfrage" }))
      return doc
    elseif not (block.t == "Header" and i == 1) then
      return doc
    end
  end
end

-- pandoc drops the space a hidden span begins with; without it a screen reader joins two words.
local function part_hidden_words(inlines)
  for i = #inlines, 2, -1 do
    local before = inlines[i - 1].t
    if has(inlines[i], "vh") and before ~= "Space" and before ~= "SoftBreak" then inlines:insert(i, pandoc.Space()) end
  end
  return inlines
end

-- Licences (dl-de/by-2-0) and table codes (12411-01-01-4) stay in one piece.
local function unbroken(str)
  if str.text:find("dl%-de/") or str.text:find("%d%d%d%-%d%d%-%d") then
    return pandoc.Span({ str }, pandoc.Attr("", { "nb" }))
  end
end

-- '70.635 Personen': the number is set large, a unit in words is not.
local function large_number(span)
  if not has(span, "zahl") then return nil end
  local number, unit = text_of(span.content):match("^([%d.,+\xe2\x88\x92]+)[%s\xc2\xa0]+(%a%a.*)$")
  if not number then return nil end
  span.content = { pandoc.Str(number), pandoc.Space(), pandoc.Span({ pandoc.Str(unit) }, pandoc.Attr("", { "einheit" })) }
  return span
end

-- 5. The two users of this filter -------------------------------------------------------------------------------------

local load = { Pandoc = function(doc) enclosed = beilagen.load(doc.meta) end }

local embedded = {
  load,
  neutralise,
  { Pandoc = mark_lead },
  { Header = numbered_heading, Inlines = part_hidden_words, Str = unbroken, Span = large_number },
  { Blocks = group_floats },
  { Div = section_div },
  { Image = function(image) return pandoc.RawInline("html", picture(image)) end },
}

-- Quarto has made figures and tables its own elements and frames them later; only their insides are ours.
local function quarto_picture(image)
  local attributes = image.attributes
  if attributes.telefon or attributes.breite then return pandoc.RawInline("html", picture(image)) end
end

-- Quarto has read the note already; `content` is one block or several.
local function quarto_callout(callout)
  local title = callout.title and text_of(callout.title) or ""
  local content = pandoc.utils.type(callout.content) == "Block" and { callout.content } or callout.content
  local blocks = note(callout.type, title ~= "" and title or CALLOUTS[callout.type], content)
  return pandoc.Div(blocks, pandoc.Attr("", { "cell-output" })) -- unwrapped with Quarto's own
end

local function scroll_region(tbl, label)
  local attributes = { { "tabindex", "0" }, { "role", "region" }, { "aria-label", label } } -- a list keeps its order
  return pandoc.Div({ tbl }, pandoc.Attr("", { "rollfeld" }, attributes))
end

local function quarto_float(float)
  if float.type == "Table" then
    local label = text_of(pandoc.utils.blocks_to_inlines({ float.caption_long }))
    local wrap = { Table = function(tbl) return scroll_region(tbl, label) end }
    float.content = pandoc.walk_block(pandoc.Div(float.content), wrap)
  end
  for name in pairs(float.attributes) do
    if PICTURE:includes(name) then float.attributes[name] = nil end
  end
  return float
end

local for_quarto = {
  load,
  { Pandoc = mark_lead },
  { Inlines = part_hidden_words, Image = quarto_picture, Link = safe_link, Table = semantic_table,
    Str = unbroken, Span = large_number },
  { FloatRefTarget = quarto_float, Callout = quarto_callout, Div = section_div },
}

return in_quarto and for_quarto or embedded
