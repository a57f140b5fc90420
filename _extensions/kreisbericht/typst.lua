--- The chapters' Markdown classes as calls of the Typst template, for both assemblers.
--- Embedded: one document with all chapters, numbers and links resolved. Quarto: after its own filters ("post-quarto"),
--- figures are finished there; parts and appendices are learned from the metadata of each file.

local in_quarto = quarto ~= nil
local stringify = pandoc.utils.stringify

local RATINGS = { guenstiger = 'better', aehnlich = 'similar', unguenstiger = 'worse', ohne = 'none' }
local BOXES = { einordnung = true, handlungsbedarf = true, datengrundlage = true, stand = 'rand', lesehilfe = 'rand' }
local CALLOUTS = {
  ['callout-note'] = 'Hinweis', ['callout-tip'] = 'Tipp', ['callout-warning'] = 'Warnung',
  ['callout-important'] = 'Wichtig', ['callout-caution'] = 'Achtung',
}
local FULL_PX, FULL_MM = 720, 166

-- ----- Small tools

local function raw(text) return pandoc.RawBlock('typst', text) end
local function rawi(text) return pandoc.RawInline('typst', text) end

local function quoted(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('%s+', ' ') .. '"'
end

local function inline_call(name, inlines)
  local result = pandoc.Inlines({ rawi('#' .. name .. '[') })
  result:extend(inlines)
  result:insert(rawi('];'))
  return result
end

local function block_call(name, blocks)
  local result = pandoc.Blocks({ raw('#' .. name .. '[') })
  result:extend(blocks)
  result:insert(raw(']'))
  return result
end

local function has(element, class) return element.classes and element.classes:includes(class) end
local function is_div(block, class) return block and block.t == 'Div' and has(block, class) end
local function is_silent(block)
  return block.t == 'RawBlock' and (block.format ~= 'typst' or block.text:match('^%s*$') ~= nil)
end

-- ----- Inlines

local function reference_in_brackets(inlines, position)
  local before = stringify(pandoc.Inlines({ table.unpack(inlines, 1, position - 1) }))
  local _, opened = before:gsub('%(', '')
  local _, closed = before:gsub('%)', '')
  return opened > closed
end

-- Width of a narrow picture; full-width ones are fitted by the template.
local function narrow_width(image)
  local width = tonumber(image.attributes.breite)
  return width and width < FULL_PX * 0.9 and string.format('%.1fmm', width / FULL_PX * FULL_MM) or nil
end

-- The chart with its words as text, written before Quarto starts (assemble/print_pictures.py).
local function print_picture(source)
  local printed = pandoc.path.join({ '_druck', 'bilder', source })
  local file = io.open(pandoc.path.join({ quarto.project.directory or '.', printed }))
  if not file then return source end
  file:close()
  return printed
end

local function quarto_image(image)
  image.src = print_picture(image.src)
  image.attributes.width = narrow_width(image)
  return image
end

local function image_call(image)
  local alt = image.attributes.alt or image.attributes['fig-alt']
  local arguments = { quoted(image.src) }
  if alt and alt ~= '' then table.insert(arguments, 'alt: ' .. quoted(alt)) end
  local width = narrow_width(image)
  if width then table.insert(arguments, 'width: ' .. width) end
  return rawi('#box(image(' .. table.concat(arguments, ', ') .. '));')
end

local function link_call(link)
  if has(link, 'glossar') then
    local call = pandoc.Inlines({ rawi('#glossarwort(<' .. link.target:sub(2) .. '>)[') })
    call:extend(link.content)
    call:insert(rawi('];'))
    return call
  end
  if has(link, 'datei') or has(link, 'download') then return link.content end
  local target = link.target:match('^#(.+)$')
  if not target then return nil end
  return link
end

local inline_filter = {
  Span = function(span)
    for _, name in ipairs({ 'titel', 'untertitel', 'gezeichnet' }) do
      if has(span, name) then return inline_call(name, span.content) end
    end
    if has(span, 'wertung') then
      for class, rating in pairs(RATINGS) do
        if has(span, class) then return inline_call('wertung("' .. rating .. '")', span.content) end
      end
    end
    if has(span, 'vh') then return {} end
    if span.identifier ~= '' then return nil end
    return span.content
  end,
  Link = link_call,
  -- Citations are words already (citeproc); Typst's own bibliography is not used.
  Cite = not in_quarto and function(cite) return cite.content end or nil,
}

local function resolve_references(inlines)
  for i, inline in ipairs(inlines) do
    if inline.t == 'Link' and has(inline, 'ref') and inline.target:match('^#') then
      local brackets = reference_in_brackets(inlines, i) and 'true' or 'false'
      local call = pandoc.Inlines({ rawi('#verweis(<' .. inline.target:sub(2) .. '>, klammern: ' .. brackets .. ', text: [') })
      call:extend(inline.content)
      call:insert(rawi(']);'))
      inlines[i] = pandoc.Span(call)
    elseif inline.t == 'RawInline' and inline.format == 'typst' then
      local target = inline.text:match('^#ref%((<[^>]+>), supplement: %[$')
      if target then
        local brackets = reference_in_brackets(inlines, i) and 'true' or 'false'
        inlines[i] = rawi('#verweis(' .. target .. ', klammern: ' .. brackets .. ', supplement: [')
      end
    end
  end
  return inlines
end

-- ----- Tables

local function row_class(row)
  local class
  row.cells[1].contents:walk({
    Span = function(span)
      if has(span, 'heim') then class = 'heim' elseif has(span, 'summe') then class = 'summe' end
    end,
  })
  return class
end

local function style_cells(row, attributes)
  for _, cell in ipairs(row.cells) do
    for key, value in pairs(attributes) do cell.attr.attributes[key] = value end
  end
end

local function style_table(tbl)
  for _, row in ipairs(tbl.head.rows) do style_cells(row, { ['typst:text:weight'] = '"semibold"', ['typst:text:fill'] = 'farbe.ink_2' }) end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local class = #row.cells > 0 and row_class(row) or nil
      if class == 'heim' then
        style_cells(row, { ['typst:fill'] = 'farbe.home_tint', ['typst:text:weight'] = '"semibold"', ['typst:text:fill'] = 'farbe.home' })
      elseif class == 'summe' then
        style_cells(row, { ['typst:stroke'] = '(top: 0.6pt + farbe.ink, bottom: 0.3pt + farbe.rule)' })
      end
    end
  end
  return tbl
end

local function has_ratings(tbl)
  local found = false
  tbl:walk({ Span = function(span) found = found or has(span, 'wertung') end })
  return found
end

-- Columns of numbers share the width, columns of words take what they need; many columns get smaller type.
-- Beside ratings every column but the first takes what it needs: words and numbers there differ too much in width.
local function column_widths(tbl)
  local colspecs = tbl.colspecs
  local widths, right = pandoc.List({}), false
  for i, spec in ipairs(colspecs) do
    right = right or spec[1] == 'AlignRight'
    widths[i] = spec[1] == 'AlignRight' and '1fr' or 'auto'
  end
  if not right and #widths > 1 then widths[#widths] = '1fr' end
  -- Sentences in several columns share what short columns leave (pandoc knows their lengths from the dashes).
  local known = not right and #widths > 1
  for _, spec in ipairs(colspecs) do known = known and (spec[2] or 0) > 0 end
  if known then
    widths = widths:map(function(_, i)
      local share = colspecs[i][2]
      return share < 0.2 and 'auto' or string.format('%.0ffr', share * 100)
    end)
  end
  if right and has_ratings(tbl) then widths = widths:map(function(_, i) return i == 1 and '1fr' or 'auto' end) end
  return '(' .. table.concat(widths, ', ') .. ',)', right
end

-- Pandoc's writer knows neither kind of width, so the table is written here.
local function bare_table(tbl)
  local columns, numbers = column_widths(tbl)
  local count = #tbl.colspecs
  tbl.colspecs = pandoc.List(tbl.colspecs):map(function(spec) return { spec[1], nil } end)
  tbl.caption = pandoc.Caption({})
  tbl.attr = pandoc.Attr('', { 'typst:no-figure' }, {})
  local options = pandoc.WriterOptions({ wrap_text = 'none' })
  local text = pandoc.write(pandoc.Pandoc({ style_table(tbl):walk(inline_filter) }), 'typst', options)
  text = text:gsub('columns: %d+', 'columns: ' .. columns, 1):gsub('^%s*#', '')
  local call = '#tabelle(spalten: ' .. count .. ', zahlen: ' .. tostring(numbers) .. ', '
  return raw(call .. text .. ')')
end

-- ----- Figures and tables with a number (embedded assembler; Quarto writes the same shape itself)

local function float(kind, word, element, content)
  local caption = pandoc.utils.blocks_to_inlines(element.caption.long)
  local number = element.attributes.number
  local result = pandoc.Blocks({ raw('#figure([') })
  result:extend(content)
  local head = pandoc.Inlines({ rawi('], caption: figure.caption(position: top, [') })
  head:extend(caption)
  head:insert(rawi(']), kind: "quarto-float-' .. kind .. '", supplement: "' .. word .. '", '
    .. (number and ('numbering: _ => "' .. number .. '", ') or '') .. ')'
    .. (element.identifier ~= '' and ('<' .. element.identifier .. '>') or '')))
  result:insert(pandoc.Plain(head))
  return result
end

local function figure(element)
  if #element.caption.long == 0 then return element.content end
  return float('fig', 'Abbildung', element, element.content)
end

local function numbered_table(element)
  if #element.caption.long == 0 then return bare_table(element) end
  local wrapped = { caption = element.caption, attributes = { number = element.attributes.number }, identifier = element.identifier }
  return float('tbl', 'Tabelle', wrapped, { bare_table(element) })
end

-- ----- Boxes

local function key_statement(blocks)
  local number, rating, words
  local inlines = pandoc.utils.blocks_to_inlines(blocks)
  words = inlines:filter(function(inline)
    if inline.t == 'Span' and has(inline, 'zahl') then number = inline.content return false end
    if inline.t == 'Span' and has(inline, 'wertung') then rating = inline return false end
    return true
  end)
  while #words > 0 and (words[#words].t == 'Space' or words[#words].t == 'SoftBreak') do words:remove(#words) end
  while #words > 0 and (words[1].t == 'Space' or words[1].t == 'SoftBreak') do words:remove(1) end
  local result = pandoc.Inlines({ rawi('(zahl: ') })
  if number then result:insert(rawi('[')) result:extend(number) result:insert(rawi(']')) else result:insert(rawi('none')) end
  result:insert(rawi(', text: ['))
  result:extend(words)
  result:insert(rawi('], wertung: ['))
  if rating then result:insert(rating) end
  result:insert(rawi(']), '))
  return result
end

local function key_statements(div)
  local head, rest = pandoc.Blocks({}), pandoc.Blocks({})
  local call = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    if block.t == 'Header' then
      head:insert(block)
    elseif block.t == 'BulletList' then
      for _, item in ipairs(block.content) do call:insert(pandoc.Plain(key_statement(item))) end
    else
      rest:insert(block)
    end
  end
  local result = pandoc.Blocks({ raw('#kernaussagen(kopf: [') })
  result:extend(head)
  result:insert(raw('],'))
  result:extend(call)
  result:insert(raw(')'))
  result:extend(rest)
  return result
end

local function definitions(blocks)
  local result = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == 'DefinitionList' then
      for _, item in ipairs(block.content) do
        local head = pandoc.Inlines({ rawi('#angabe[') })
        head:extend(item[1])
        head:insert(rawi(']['))
        result:insert(pandoc.Plain(head))
        for _, description in ipairs(item[2]) do result:extend(description) end
        result:insert(raw(']'))
      end
    else
      result:insert(block)
    end
  end
  return result
end

local function callout(div, class)
  local title = div.attributes.title
  local content = pandoc.Blocks(div.content)
  local head = pandoc.Inlines({ pandoc.Str(title or CALLOUTS[class]) })
  if not title and #content > 0 and content[1].t == 'Header' then head = content:remove(1).content end
  local open = pandoc.Inlines({ rawi('#callout(title: [') })
  open:extend(head)
  open:insert(rawi('], body: ['))
  local result = pandoc.Blocks({ pandoc.Plain(open) })
  result:extend(content)
  result:insert(raw('])'))
  return result
end

-- ----- Order of blocks

local flatten

local function flatten_div(div, result)
  if has(div, 'werkzeuge') then return end
  -- Quarto's own nodes (figures, callouts) are finished after this filter.
  if div.attributes.__quarto_custom then result:insert(div) return end
  local known = has(div, 'kernaussagen') or has(div, 'quelle') or BOXES[div.classes[1]] or CALLOUTS[div.classes[1]]
  if known then
    result:insert(div)
  else
    if div.identifier ~= '' and not in_quarto then result:insert(raw('#[#metadata(none)<' .. div.identifier .. '>]')) end
    result:extend(flatten(div.content))
  end
end

-- Divs that only group are dissolved: a Typst block around them would stop "keep with next".
flatten = function(blocks)
  local result = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == 'Div' then flatten_div(block, result) else result:insert(block) end
  end
  return result
end

-- Height of text [mm] at so many characters a line.
local function height(blocks, characters, line)
  return math.ceil((utf8.len(stringify(blocks)) or 0) / characters) * line
end

-- Whether the following paragraph is long enough to stand beside the part of a note that hangs below the source.
local function fills(block, note, source)
  if not block or block.t ~= 'Para' then return false end
  return height(block, 80, 5) + 8 >= height(note, 30, 3.7) - height(source, 110, 3.4)
end

-- The reading aid stands beside the source of its figure.
local function source_with_note(blocks, i, result)
  local source, note, last = blocks[i], nil, i
  for j = i + 1, math.min(i + 2, #blocks) do
    if is_div(blocks[j], 'lesehilfe') then note, last = blocks[j], j break end
    if not is_silent(blocks[j]) then break end
  end
  if not note then
    result:extend(block_call('quelle', source.content))
    return last
  end
  local free = fills(blocks[last + 1], note.content, source.content) and 'true' or 'false'
  result:insert(raw('#quelle(frei: ' .. free .. ', rand: ['))
  result:extend(note.content)
  result:insert(raw('])['))
  result:extend(source.content)
  result:insert(raw(']'))
  return last
end

local function lead_paragraph(blocks, i, result)
  local j, note = i + 1, nil
  while blocks[j] and is_silent(blocks[j]) do result:insert(blocks[j]) j = j + 1 end
  if not (blocks[j] and blocks[j].t == 'Para') then return j - 1 end
  local k = j + 1
  while blocks[k] and is_silent(blocks[k]) do k = k + 1 end
  if is_div(blocks[k], 'stand') then note = blocks[k] else k = j end
  result:insert(raw('#lead(rand: ' .. (note and '[' or 'none')))
  if note then result:extend(note.content) result:insert(raw(']')) end
  result:insert(raw(')['))
  result:insert(blocks[j])
  result:insert(raw(']'))
  return k
end

local function paragraph_with_note(note, paragraph)
  local result = pandoc.Blocks({ raw('#neben[') })
  result:extend(note.content)
  result:insert(raw(']['))
  result:insert(paragraph)
  result:insert(raw(']'))
  return result
end

-- A figure or table of Quarto's; the table is written already, so a drawing tells them apart.
local function quarto_float(block)
  if not (block.t == 'Div' and block.attributes.__quarto_custom_type == 'FloatRefTarget') then return nil end
  local drawing = false
  block:walk({ Image = function() drawing = true end })
  return drawing and 'bild' or 'tabelle'
end

local function float_kind(block)
  if block.t == 'Figure' and #block.caption.long > 0 then return 'bild' end
  if block.t == 'Table' and #block.caption.long > 0 then return 'tabelle' end
  return quarto_float(block)
end

-- What a chapter starts with, and what others wrote in Typst: it may turn the page, so nothing is laid around it.
local function opens(block)
  if block.t == 'Header' and block.level == 1 then return true end
  if block.t == 'Plain' and #block.content > 0 then
    local first = block.content[1]
    return first.t == 'RawInline' and first.text:match('^#teil') ~= nil
  end
  return block.t == 'RawBlock' and not is_silent(block) and not block.text:match('^#%[#metadata')
end

local arrange

local function arrange_block(blocks, i, result)
  local block = blocks[i]
  if is_div(block, 'quelle') then return source_with_note(blocks, i, result) end
  if is_div(block, 'kernaussagen') then
    result:extend(key_statements(block))
  elseif block.t == 'Div' and CALLOUTS[block.classes[1]] then
    result:extend(callout(block, block.classes[1]))
  elseif is_div(block, 'lesehilfe') and blocks[i + 1] and blocks[i + 1].t == 'Para' then
    result:extend(paragraph_with_note(block, blocks[i + 1]))
    return i + 1
  elseif block.t == 'Div' and BOXES[block.classes[1]] then
    local name = BOXES[block.classes[1]] == 'rand' and 'rand' or block.classes[1]
    result:extend(block_call(name, definitions(arrange(flatten(block.content)))))
  elseif block.t == 'Figure' then
    result:extend(figure(block))
  elseif block.t == 'Table' then
    local styled = numbered_table(block)
    if styled.t then result:insert(styled) else result:extend(styled) end
  else
    result:insert(block)
  end
  return i
end

arrange = function(blocks)
  local result, i = pandoc.Blocks({}), 1
  while i <= #blocks do
    i = arrange_block(blocks, i, result) + 1
  end
  return definitions(result)
end

-- Height of a drawing at full width [mm]; narrow ones keep their size.
local function note_height(block)
  block:walk({
    Image = function(image)
      local width, height = tonumber(image.attributes.breite), tonumber(image.attributes.hoehe)
      if width and height and width >= FULL_PX * 0.9 then
        block.attributes.hoch = string.format('%.1f', height / width * FULL_MM)
      end
    end,
  })
  return block
end

-- Position of the last block that belongs to the float at i: its source, and what stands beside it.
local function with_source(blocks, i, result)
  arrange_block(blocks, i, result)
  local j = i + 1
  while blocks[j] and is_silent(blocks[j]) do j = j + 1 end
  return is_div(blocks[j], 'quelle') and arrange_block(blocks, j, result) or i
end

-- The book as calls of the template's `satz`, one for each run of text and floats between two chapter openings:
-- it decides which floats stand where they are and which at the head of the next page.
local function compose(blocks)
  local result, parts, i, start = pandoc.Blocks({}), {}, 1, 'beginn: 0mm, '
  local function part(kind)
    if #parts == 0 or parts[#parts].kind ~= kind or kind ~= 'text' then
      table.insert(parts, { kind = kind, blocks = pandoc.Blocks({}) })
    end
    return parts[#parts].blocks
  end
  local function close()
    parts = pandoc.List(parts):filter(function(piece) return #piece.blocks > 0 end) -- a heading alone leaves none
    if #parts > 0 then result:insert(raw('#satz(' .. start)) end
    for _, piece in ipairs(parts) do
      local head = (piece.blocks[1].t == 'Header' and 'kopf: true, ' or '') .. (piece.height or '')
      result:insert(raw('(art: "' .. piece.kind .. '", ' .. head .. 'inhalt: ['))
      result:extend(definitions(piece.blocks))
      result:insert(raw(']),'))
    end
    if #parts > 0 then result:insert(raw(')')) end
    parts = {}
  end
  while i <= #blocks do
    local kind = float_kind(blocks[i])
    if opens(blocks[i]) then
      close()
      result:insert(blocks[i])
      start = blocks[i].t == 'Header' and '' or 'beginn: 0mm, '
      if start == '' then i = lead_paragraph(blocks, i, part('text')) end
    elseif kind then
      if in_quarto then note_height(blocks[i]) end
      local drawn = blocks[i].attributes.hoch
      i = with_source(blocks, i, part(kind))
      parts[#parts].height = drawn and 'hoch: ' .. drawn .. 'mm, '
    else
      i = arrange_block(blocks, i, part('text'))
    end
    i = i + 1
  end
  close()
  return result
end

-- ----- Headings

local function chapter_number(header)
  local number = header.attributes.number
  if not number then return nil end
  if number:match('^%d+$') then return tonumber(number) - 1 end
  return 1000 + number:byte() - 65
end

local function embedded_header(header)
  local before = pandoc.Blocks({})
  if header.level == 1 then
    if header.attributes.kapitel then before:insert(raw('// Kapitel: ' .. header.attributes.kapitel)) end
    if header.attributes.teil then
      before:insert(pandoc.Plain(inline_call('teil', { pandoc.Str(header.attributes.teil) })))
    end
    local number = chapter_number(header)
    if number then before:insert(raw('#counter(heading).update(' .. number .. ')')) end
    if not number then header.classes:insert('unnumbered') end
  elseif not header.attributes.number and not header.classes:includes('unnumbered') then
    header.classes:insert('unnumbered')
    if header.level > 2 then header.classes:insert('unlisted') end
  end
  header.attributes = {}
  before:insert(header)
  return before
end

local function quarto_header(header)
  local state = quarto.doc.file_metadata()
  local file = state and state.file
  if not file or header.level ~= 1 then return nil end
  if file.bookItemType == 'part' then
    return pandoc.Plain(inline_call('teil', header.content))
  end
  if file.bookItemType == 'appendix' then
    if header.classes:includes('unnumbered') then
      return { pandoc.Plain(inline_call('teil', { pandoc.Str('Anhang') })), raw('#anhang()') }
    end
    if file.bookItemNumber == 1 then return { raw('#anhang()'), header } end
  end
  return nil
end

-- Raw code of any format is shown as what it is: text. Only the page break our notebooks print is kept.
local neutralise = {
  RawBlock = function(block)
    local is_break = block.format == 'typst' and block.text:match('^%s*#pagebreak%(weak: true%)%s*$')
    return not is_break and pandoc.CodeBlock(block.text) or nil
  end,
  RawInline = function(inline) return pandoc.Code(inline.text) end,
}

-- ----- The filter

local function strip_box_titles(div)
  return div:walk({
    Header = function(header)
      if header.classes:includes('kastentitel') then
        header.identifier = ''
        return header
      end
    end,
  })
end

local document_filter = {
  { Div = strip_box_titles, Figure = not in_quarto and note_height or nil },
  { Inlines = resolve_references },
  {
    Image = in_quarto and quarto_image or image_call,
    Table = in_quarto and bare_table or nil,
    Pandoc = function(doc)
      doc.blocks = compose(flatten(doc.blocks))
      return doc
    end,
  },
  inline_filter,
}

-- The cover's picture is drawn before Quarto starts (assemble/pdf.py, prepare_print).
local function cover_metadata(meta)
  local file = io.open(pandoc.path.join({ quarto.project.directory or '.', '_umschlag.json' }))
  if not file then return nil end
  local values = pandoc.json.decode(file:read('a'), false)
  file:close()
  local edition = meta.ausgabe or {}
  edition.umschlag = {
    datei = pandoc.MetaInlines({ rawi(values.datei) }), alt = pandoc.MetaInlines({ rawi(values.alt) }),
    text = pandoc.MetaInlines({ pandoc.Str(values.text) }),
  }
  meta.ausgabe = edition
  return meta
end

if in_quarto then
  table.insert(document_filter, { Meta = cover_metadata })
  local headers = quarto.utils.combineFilters({ quarto.utils.file_metadata_filter(), { Header = quarto_header } })
  table.insert(document_filter, 1, headers)
else
  table.insert(document_filter, 1, { Header = embedded_header })
  table.insert(document_filter, 1, { Pandoc = function(doc)
    doc.blocks = doc.blocks:walk(neutralise) -- not the metadata, which is code for the template
    return doc
  end })
end

return document_filter
