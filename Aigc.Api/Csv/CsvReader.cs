using System.Text;

namespace Aigc.Api.Csv;

/// <summary>Reads fields as RFC 4180 has them.</summary>
internal static class CsvReader
{
    /// <summary>Each record with the number of the line that it begins on; empty lines are left out.</summary>
    /// <exception cref="FormatException">A quote is not closed; names the line.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(string text)
    {
        var (line, begin) = (1, 1);
        var (fields, field) = (new List<string>(), new StringBuilder());
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var end = i == text.Length;
            if (end && quoted)
                throw new FormatException($"Line {begin}: a quotation mark is not closed.");
            var character = end ? '\n' : text[i];
            if (quoted)
            {
                if (character != '"')
                    field.Append(character);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[i++]);
                else
                    quoted = false;
            }
            else if (character == '"')
            {
                quoted = true;
            }
            else if (character is ',' or '\n')
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
                if (character == '\n' && fields is not [""])
                    yield return (begin, fields);
                if (character == '\n')
                    (fields, begin) = ([], line + 1);
            }
            else
            {
                field.Append(character);
            }

            line += character == '\n' ? 1 : 0;
        }
    }
}
