using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.MeterFiles;

/// <summary>
/// Meter-data files that are sent to the API or put into a folder; section <c>Files</c> of the configuration, see docs/meter-files.md.
/// </summary>
public sealed class MeterFileOptions
{
    /// <summary>Mappings, <c>Files__Mappings__0</c> and on: JSON files. An upload names one by its file name without the extension.</summary>
    [ShownSetting]
    public IReadOnlyList<string> Mappings { get; set; } = [];

    /// <summary>How long what came of a file can be asked for, days.</summary>
    [Range(1, 3_650)]
    public int KeptDays { get; set; } = 90;

    /// <summary>A folder that is watched for files of meter data; empty is none. Whoever may write into it may send readings.</summary>
    [ShownSetting]
    public string Watched { get; set; } = "";

    /// <summary>Id of the gateway whose meters files of the folder may be of; <c>*</c> is any meter.</summary>
    [ShownSetting]
    public string WatchedGateway { get; set; } = "";

    /// <summary>Name of the mapping, one of <see cref="Mappings"/>, that files of the folder are read by; empty is none.</summary>
    [ShownSetting]
    public string WatchedMapping { get; set; } = "";

    /// <summary>How long a file of the folder must have been left alone before it is read, seconds.</summary>
    [Range(1, 86_400)]
    public int WatchedStillSeconds { get; set; } = 10;

    /// <summary>What is wrong with the settings; null where nothing is.</summary>
    public string? Problem() => MappingProblem() ?? WatchedProblem();

    private string? WatchedProblem() => Watched.Length == 0
        ? null
        : !Directory.Exists(Watched)
            ? $"Files__Watched: there is no folder '{Watched}'."
            : WatchedGateway.Length == 0
                ? "Files__WatchedGateway: it is empty; the id of the gateway whose meters the files may be of is needed, or * for any meter."
                : WatchedMapping.Length > 0 && !Names.Contains(WatchedMapping)
                    ? $"Files__WatchedMapping: '{WatchedMapping}' is not one of Files__Mappings: {string.Join(", ", Names)}."
                    : null;

    private string? MappingProblem()
    {
        foreach (var path in Mappings)
        {
            if (!File.Exists(path))
            {
                return $"Files__Mappings: there is no file '{path}'.";
            }

            if (MeterFileMappings.Read(File.ReadAllBytes(path)).Wrong is { Count: > 0 } wrong)
            {
                return $"Files__Mappings: {path}: {wrong[0]}";
            }
        }

        return Mappings.GroupBy(NameOf).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"Files__Mappings: the name '{twice.Key}' is given twice." : null;
    }

    /// <summary>A mapping by its name; null where none is configured under it.</summary>
    internal MeterFileMapping? Find(string name) =>
        Mappings.FirstOrDefault(p => NameOf(p) == name) is { } path ? MeterFileMappings.Read(File.ReadAllBytes(path)).Mapping : null;

    internal IEnumerable<string> Names => Mappings.Select(NameOf);

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
}
