--[[ Terms of the glossary, linked where a chapter first uses them.

Runs before html.lua and typst.lua, for both assemblers. Which words are a term's forms is worked out by Python
(assemble/glossary.py); here they are found in running text and lists, never in headings, captions, tables, links, code
or the small print. In HTML the definition stands behind the link, for hover and focus; the PDF gets a link.
]]

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE or "")
local beilagen = quarto and require("beilagen") or dofile(pandoc.path.join({ folder, "beilagen.lua" }))
local List = pandoc.List
local LEFT_OUT = List({
  "quelle", "werkzeuge", "stand", "kernaussagen", "datengrundlage", "lesehilfe", "register", "alle-daten",
})
local OPENING = { "(", "[", "„", "‚", "»", "“", '"' }
local CLOSING = { ".", ",", ";", ":", "!", "?", ")", "]", "“", "‘", "«", "”", '"', "…" }
local MOST = 8 -- terms linked on one page

local into_pdf = FORMAT:match("typst") ~= nil
local in_quarto = quarto ~= nil
local terms, source, found

local function index_terms(list)
  local index = {}
  for _, term in ipairs(list) do
    for _, form in ipairs(term.formen) do
      local words = List({})
      for word in form:gmatch("%S+") do words:insert(word) end
      index[words[1]] = index[words[1]] or List({})
      index[words[1]]:insert({ words = words, term = term })
      if #words > 1 then
        local joined = table.concat(words, "\u{a0}")
        index[joined] = List({ { words = List({ joined }), term = term } })
      end
    end
  end
  for _, entries in pairs(index) do table.sort(entries, function(a, b) return #a.words > #b.words end) end
  return index
end

local function strip(text, marks, at_end)
  local taken, again = "", true
  while again do
    again = false
    for _, mark in ipairs(marks) do
      local fits = at_end and text:sub(-#mark) == mark or not at_end and text:sub(1, #mark) == mark
      if fits and #text > #mark then
        text = at_end and text:sub(1, -#mark - 1) or text:sub(#mark + 1)
        taken = at_end and mark .. taken or taken .. mark
        again = true
      end
    end
  end
  return text, taken
end

local function is_gap(inline) return inline and (inline.t == "Space" or inline.t == "SoftBreak") end

-- Words from place i on that spell `entry`: the number of inlines they take and the marks behind the last one.
local function spelled(inlines, i, first, entry)
  local place, count = i, #entry.words
  for n, word in ipairs(entry.words) do
    local inline = inlines[place]
    if not inline or inline.t ~= "Str" then return nil end
    local text, after = n == 1 and first or inline.text, ""
    if n == count then text, after = strip(text, CLOSING, true) end
    if text ~= word then return nil end
    if n == count then return place - i + 1, after end
    if not is_gap(inlines[place + 1]) then return nil end
    place = place + 2
  end
end

local function target(term)
  if into_pdf then return "#" .. (in_quarto and term.id or source.einzeln .. term.id) end
  return source.wurzel .. source.seite .. ".html#" .. term.id
end

local function linked(words, term)
  local name = "begriff-" .. term.id
  local link = pandoc.Link(words, target(term), "", pandoc.Attr("", { "glossar" }))
  if into_pdf then return link end
  link.attributes["aria-describedby"] = name
  local tip = pandoc.Span({ pandoc.Str(term.text) }, pandoc.Attr(name, { "erklaerung" }, { role = "tooltip" }))
  return pandoc.Span({ link, tip }, pandoc.Attr("", { "begriff" }))
end

local mark_inlines

-- "Zensus 2022" is the name of one event; a page number between its words would be read as part of it.
local function number_follows(inlines, i, after)
  return after == "" and is_gap(inlines[i]) and inlines[i + 1] and (inlines[i + 1].text or ""):match("^%d") ~= nil
end

local function match_at(inlines, i)
  local first, before = strip(inlines[i].text, OPENING, false)
  local core = strip(first, CLOSING, true)
  for _, entry in ipairs(terms[core] or terms[first] or {}) do
    local taken, after = spelled(inlines, i, first, entry)
    if taken and not found[entry.term.id] and not number_follows(inlines, i + taken, after) then
      return entry.term, taken, before, after
    end
  end
end

mark_inlines = function(inlines)
  local result, i = pandoc.Inlines({}), 1
  while i <= #inlines do
    local inline = inlines[i]
    local term, taken, before, after
    if inline.t == "Str" and found.count < MOST then term, taken, before, after = match_at(inlines, i) end
    if term then
      found[term.id], found.count = true, found.count + 1
      local words = pandoc.Inlines({})
      for n = i, i + taken - 1 do words:insert(inlines[n]:clone()) end
      words[1].text = words[1].text:sub(#before + 1)
      words[#words].text = words[#words].text:sub(1, #words[#words].text - #after)
      if before ~= "" then result:insert(pandoc.Str(before)) end
      result:insert(linked(words, term))
      if after ~= "" then result:insert(pandoc.Str(after)) end
      i = i + taken
    else
      if inline.t == "Emph" or inline.t == "Strong" then inline.content = mark_inlines(inline.content) end
      result:insert(inline)
      i = i + 1
    end
  end
  return result
end

-- "13,3 Prozentpunkte" is one word to pandoc where a space that does not break joins number and unit.
local function part_joined(inlines)
  local result = pandoc.Inlines({})
  for _, inline in ipairs(inlines) do
    local before, after = (inline.t == "Str" and inline.text or ""):match("^([%d.,+−-]+\u{a0})(.+)$")
    if before then
      result:insert(pandoc.Str(before))
      result:insert(pandoc.Str(after))
    else
      result:insert(inline)
    end
  end
  return result
end

local mark_blocks

local function mark_block(block)
  local kind = block.t
  if kind == "Para" or kind == "Plain" then
    block.content = mark_inlines(part_joined(block.content))
  elseif kind == "BulletList" or kind == "OrderedList" then
    block.content = List(block.content):map(mark_blocks)
  elseif kind == "BlockQuote" then
    block.content = mark_blocks(block.content)
  elseif kind == "Div" and not block.attributes.__quarto_custom and not block.classes:find_if(function(class)
    return LEFT_OUT:includes(class) or class:match("^callout%-") ~= nil
  end) then
    block.content = mark_blocks(block.content)
  end
  return block
end

-- Appendices made of lists keep their words as they are.
local function is_list(header)
  local stem = (header.attributes.kapitel or ""):match("([^/]+)%.%w+$")
  return List(source.ohne):find_if(function(name) return name == stem or "sec-" .. name == header.identifier end) ~= nil
end

local skipping = false

mark_blocks = function(blocks)
  for i, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 then -- a chapter begins; the PDF has all of them in one document
      found, skipping = { count = 0 }, is_list(block)
    elseif not skipping then
      blocks[i] = mark_block(block)
    end
  end
  return blocks
end

return { {
  Pandoc = function(doc)
    local values = beilagen.load(doc.meta)
    source = values.glossar
    if not source then return nil end
    skipping = List(source.ohne):includes(values.seite:match("[^/]*$"))
    source.wurzel = values.wurzel
    terms, found = index_terms(source.begriffe), { count = 0 }
    doc.blocks = mark_blocks(doc.blocks)
    return doc
  end,
} }
