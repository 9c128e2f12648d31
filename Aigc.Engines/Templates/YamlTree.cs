using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Aigc.Engines.Templates;

/// <summary>
/// Reads YAML documents into nodes. Built on the parser's events rather than on a ready-made tree, so that duplicate keys
/// are collected like any other error, and nothing that a file contains can exhaust memory or the stack.
/// </summary>
internal sealed class YamlTree
{
    private readonly Parser _parser;
    private readonly YamlLimits _limits;
    private readonly TemplateErrors _errors;

    private YamlTree(Parser parser, YamlLimits limits, TemplateErrors errors)
    {
        _parser = parser;
        _limits = limits;
        _errors = errors;
    }

    /// <summary>Reads a template: one document.</summary>
    /// <returns>null when there is nothing to read on, with the error added.</returns>
    public static YamlNode? Parse(string text, TemplateErrors errors) => Read(text, YamlLimits.Template, errors, tree => tree.Document());

    /// <summary>Reads any number of documents.</summary>
    /// <returns>null when there is nothing to read on, with the error added.</returns>
    public static IReadOnlyList<YamlNode>? ParseAll(string text, YamlLimits limits, TemplateErrors errors) => Read(text, limits, errors, tree => tree.Documents());

    private static T? Read<T>(string text, YamlLimits limits, TemplateErrors errors, Func<YamlTree, T?> read) where T : class
    {
        if (text.Length > limits.Bytes || Encoding.UTF8.GetByteCount(text) > limits.Bytes)
        {
            errors.Add(1, 1, "", limits.TooLong);
            return null;
        }
        var parser = new Parser(new StringReader(text));
        try
        {
            return read(new YamlTree(parser, limits, errors));
        }
        catch (YamlException e)
        {
            // Some of the library's errors carry no place; the last thing it understood is then the nearest one known.
            var at = e.Start.Index > 0 ? e.Start : parser.Current?.End ?? e.Start;
            // A tab is wrong where it stands, not where the value before it begins.
            if (e.End.Index > 0 && e.Message.Contains(" tab ", StringComparison.Ordinal))
                at = e.End;
            errors.Add(Math.Max(1, at.Line), Math.Max(1, at.Column), "", $"This is not YAML: {e.Message.TrimEnd('.')}.");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The library's scanner loses its own state on some malformed input, and its tags take some for a mistake of the
            // program, instead of naming the place.
            var at = parser.Current?.End ?? Mark.Empty;
            errors.Add(Math.Max(1, at.Line), Math.Max(1, at.Column), "", "This is not YAML: look for a missing quote, bracket or space near here.");
        }
        return null;
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _errors.Add(1, 1, "", "The file is empty; a template has at least name, title, description, version and local.");
            return null;
        }
        var root = Node(depth: 0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
            _errors.Add(second.Start.Line, second.Start.Column, "", "A file holds one template; put what follows '---' into a file of its own.");
        return root;
    }

    private List<YamlNode> Documents()
    {
        var documents = new List<YamlNode>();
        _parser.Consume<StreamStart>();
        while (_parser.TryConsume<DocumentStart>(out _))
        {
            documents.Add(Node(depth: 0));
            _parser.Consume<DocumentEnd>();
        }
        return documents;
    }

    private YamlNode Node(int depth)
    {
        var current = _parser.Consume<ParsingEvent>();
        if (depth > _limits.Depth)
            throw new YamlException(current.Start, current.End, $"{_limits.What} nests at most {_limits.Depth} levels");
        if (current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw new YamlException(current.Start, current.End, "anchors (&) and aliases (*) are not understood here; write the value out");
        if (current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            throw new YamlException(current.Start, current.End, "tags (!) are not understood here; leave the tag out");
        var (line, column) = ((int)current.Start.Line, (int)current.Start.Column);
        return current switch
        {
            Scalar scalar => Text(scalar),
            SequenceStart => new YamlList(Items(depth), line, column),
            MappingStart => new YamlMap(Entries(depth), line, column),
            _ => throw new YamlException(current.Start, current.End, "a value is expected here"),
        };
    }

    private List<YamlNode> Items(int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return items;
    }

    private OrderedDictionary<string, YamlEntry> Entries(int depth)
    {
        var entries = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var keyNode = Node(depth + 1);
            var value = Node(depth + 1);
            if (keyNode is not YamlText key)
                _errors.Add(keyNode, "", "A field's name is a plain word.");
            else if (!entries.TryAdd(key.Value, new(key, value)))
                _errors.Add(key, key.Value, $"is given twice, first in line {entries[key.Value].Key.Line}; keep one.");
        }
        return entries;
    }

    private YamlText Text(Scalar scalar)
    {
        var text = new YamlText(scalar.Value, scalar.Style is not ScalarStyle.Plain, (int)scalar.Start.Line, (int)scalar.Start.Column);
        foreach (var rune in scalar.Value.EnumerateRunes())
        {
            // A half of a surrogate pair is read as U+FFFD; neither a process nor JSON would take it.
            if (rune.Value is not ('\n' or '\t') && (Rune.IsControl(rune) || rune == Rune.ReplacementChar))
            {
                _errors.Add(text, "", $"The character U+{rune.Value:X4} is not text; remove it.");
                break;
            }
        }
        return text;
    }
}
