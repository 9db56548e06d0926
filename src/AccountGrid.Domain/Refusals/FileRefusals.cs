namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of uploads of meter data. What is wrong within a file is named in its job.</summary>
public static class FileRefusals
{
    public static RefusalCode Unknown { get; } =
        new("file.unknown", 404, "There is no such file, or another gateway sent it.", "Use the id that the upload was answered with.");

    public static RefusalCode MappingUnknown { get; } =
        new("file.mapping_unknown", 422, "No mapping of this name is configured.", "Name one of Files__Mappings, or add it there.");

    public static RefusalCode FormatUnknown { get; } =
        new("file.format_unknown", 422, "There is no such format of meter data.", "Name a format that the detail has, or none.");
}
