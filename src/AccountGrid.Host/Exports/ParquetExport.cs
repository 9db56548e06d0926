using AccountGrid.Domain;
using Parquet;
using Parquet.Schema;

namespace AccountGrid.Host.Exports;

/// <summary>
/// A table as Parquet. Money is DECIMAL(19, 9), which holds every amount of the grid exactly; instants are UTC milliseconds. The file's metadata has the kind
/// of rows, and the unit or zone of each column that has one.
/// </summary>
internal static class ParquetExport
{
    public const string ContentType = "application/vnd.apache.parquet";

    /// <summary>Rows of a row group: what is kept in memory, and what a reader skips at once.</summary>
    private const int GroupRows = 50_000;

    private const int MoneyPrecision = 19;
    private const int MoneyScale = 9;

    public static async Task WriteAsync(ExportTable table, Stream to)
    {
        var schema = new ParquetSchema(table.Columns.Select(FieldOf).ToArray<Field>());
        await using var writer = await ParquetWriter.CreateAsync(schema, to);
        writer.CustomMetadata = table.Columns.Where(c => c.Unit is not null).Select(c => ($"accountgrid.unit.{c.Name}", c.Unit!))
            .Concat(table.Zone is null ? [] : [("accountgrid.zone", table.Zone)]).Append(("accountgrid.kind", table.Kind)).Append(("accountgrid.version", "1"))
            .ToDictionary(m => m.Item1, m => m.Item2);
        await foreach (var rows in table.Rows.Chunk(GroupRows))
        {
            using var group = writer.CreateRowGroup();
            for (var i = 0; i < table.Columns.Count; i++)
            {
                await WriteAsync(group, schema.DataFields[i], table.Columns[i].Type, rows, i);
            }
        }
    }

    private static DataField FieldOf(ExportColumn column) => column.Type switch
    {
        ExportType.Text => new DataField<string>(column.Name, true),
        ExportType.Whole => new DataField<long>(column.Name, true),
        ExportType.Money => new DecimalDataField(column.Name, MoneyPrecision, MoneyScale, isNullable: true),
        ExportType.Instant => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Millis, true),
        _ => new DataField<DateOnly>(column.Name, true),
    };

    private static async Task WriteAsync(ParquetRowGroupWriter group, DataField field, ExportType type, object?[][] rows, int i)
    {
        switch (type)
        {
            case ExportType.Text:
                IReadOnlyCollection<string> texts = [.. rows.Select(r => (string)r[i]!)];
                await group.WriteAsync(field, texts);
                break;
            case ExportType.Whole:
                await group.WriteAsync<long>(field, rows.Select(r => r[i] as long?).ToArray());
                break;
            case ExportType.Money:
                await group.WriteAsync<decimal>(
                    field, rows.Select(r => r[i] is Money money ? money.Nano / (decimal)Money.NanoPerUnit : (decimal?)null).ToArray());
                break;
            case ExportType.Instant:
                await group.WriteAsync<DateTime>(field, rows.Select(r => (r[i] as DateTimeOffset?)?.UtcDateTime).ToArray());
                break;
            default:
                await group.WriteAsync<DateOnly>(field, rows.Select(r => r[i] as DateOnly?).ToArray());
                break;
        }
    }
}
