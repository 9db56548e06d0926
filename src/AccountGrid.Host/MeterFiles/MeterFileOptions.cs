using System.ComponentModel.DataAnnotations;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.MeterFiles;

/// <summary>Meter-data files that are sent to the API; section <c>Files</c> of the configuration, see docs/meter-files.md.</summary>
public sealed class MeterFileOptions
{
    /// <summary>Mappings, <c>Files__Mappings__0</c> and on: JSON files. An upload names one by its file name without the extension.</summary>
    [ShownSetting]
    public IReadOnlyList<string> Mappings { get; set; } = [];

    /// <summary>How long what came of a file can be asked for, days.</summary>
    [Range(1, 3_650)]
    public int KeptDays { get; set; } = 90;

    /// <summary>What is wrong with the settings; null where nothing is.</summary>
    public string? Problem()
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
