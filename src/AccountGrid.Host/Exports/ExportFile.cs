using AccountGrid.Host.Database;

namespace AccountGrid.Host.Exports;

/// <summary>
/// A table as an answer. It is written into a file that no name leads to and sent when it is whole: a fault is a problem and never half a file.
/// </summary>
internal static class ExportFile
{
    public const string Formats = "csv or parquet";

    public static bool IsFormat(string format) => format is "csv" or "parquet";

    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="name">Of the file, without its ending.</param>
    public static async Task<IResult> AnswerAsync(ExportTable table, string format, string name, DataFolder data)
    {
        var file = data.Unnamed();
        try
        {
            await (format == "csv" ? CsvExport.WriteAsync(table, file) : ParquetExport.WriteAsync(table, file));
            file.Position = 0;
            return TypedResults.Stream(file, format == "csv" ? CsvExport.ContentType : ParquetExport.ContentType, $"{name}.{format}");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
