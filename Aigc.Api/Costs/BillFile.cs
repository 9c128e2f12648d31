using Aigc.Api.Csv;
using Aigc.Engines.Metering;
using Aigc.Engines.Storage;

namespace Aigc.Api.Costs;

/// <summary>Bills as a CSV file: a line with the names of the columns, and one for each bill.</summary>
internal static class BillFile
{
    public const int MostBills = 1_000;

    /// <returns>All bills, or the first mistake with its line and column.</returns>
    public static (IReadOnlyList<Bill> Bills, string? Mistake) Read(string text, IReadOnlyList<PoolSize> pools, DateTimeOffset now, string enteredBy)
    {
        try
        {
            return Read(CsvReader.Read(text.TrimStart('\uFEFF')), pools, now, enteredBy);
        }
        catch (FormatException exception)
        {
            return ([], exception.Message);
        }
    }

    private static (IReadOnlyList<Bill> Bills, string? Mistake) Read(
        IEnumerable<(int Line, IReadOnlyList<string> Fields)> records, IReadOnlyList<PoolSize> pools, DateTimeOffset now, string enteredBy)
    {
        IReadOnlyList<string>? names = null;
        var bills = new List<Bill>();
        foreach (var (line, fields) in records)
        {
            if (names is null)
            {
                if (MistakeOf(fields) is { } wrong)
                    return ([], $"Line {line}{wrong}");
                names = fields;
                continue;
            }

            if (fields.Count != names.Count)
                return ([], $"Line {line} has {fields.Count} columns, and the first line names {names.Count}: {string.Join(", ", names)}.");
            var form = BillForm.Of(name => names.IndexOf(name) is >= 0 and var column ? fields[column] : null);
            var (bill, field, mistake) = form.Read(pools, now, enteredBy);
            if (bill is null)
                return ([], $"Line {line}, column {names.IndexOf(field) + 1} ({field}): {mistake}");
            if (bills.Count == MostBills)
                return ([], $"Line {line}: a file holds {MostBills} bills at most.");
            bills.Add(bill);
        }

        return bills.Count == 0 ? ([], $"There is no bill in it. The first line names the columns: {Columns}.") : (bills, null);
    }

    private static string Columns => $"{string.Join(", ", BillForm.Required)}, and if you want {string.Join(" and ", BillForm.Optional)}";

    private static string? MistakeOf(IReadOnlyList<string> names)
    {
        foreach (var (index, name) in names.Index())
        {
            if (!BillForm.Required.Contains(name) && !BillForm.Optional.Contains(name))
                return $", column {index + 1}: '{name}' is not known. The columns are {Columns}.";
            if (names.IndexOf(name) != index)
                return $", column {index + 1}: '{name}' is there twice.";
        }

        return BillForm.Required.FirstOrDefault(name => !names.Contains(name)) is { } missing
            ? $", column {names.Count + 1}: the column '{missing}' is missing. The columns are {Columns}."
            : null;
    }

    private static int IndexOf(this IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }

        return -1;
    }
}
