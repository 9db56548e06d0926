using System.Globalization;
using System.Text.Json.Nodes;
using AccountGrid.Domain;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AccountGrid.Host.Ingest;

/// <summary>What the OpenAPI document says of a pushed batch: its body is read without a type of the framework's, so it is described here.</summary>
internal static class ReadingDescription
{
    public static Task Transform(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "UTF-8, packed with gzip or not.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/x-ndjson"] = new() { Schema = Reading("One reading a line, each line a JSON object of this schema.") },
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { "readings" },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["readings"] = new OpenApiSchema
                            {
                                Type = JsonSchemaType.Array,
                                MinItems = 1,
                                MaxItems = IngestLimits.ItemsMax,
                                Items = Reading("A reading.")
                            },
                        },
                    },
                },
            },
        };
        return Task.CompletedTask;
    }

    private static OpenApiSchema Reading(string description) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description + " A field that is not named here refuses the reading.",
        Required = new HashSet<string> { "meter", "ts", "value" },
        AdditionalPropertiesAllowed = false,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["meter"] = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Limits.IdMaxLength, Description = "Id of the meter." },
            ["ts"] = Instant("Instant of the register."),
            ["value"] = OneOf(
                "The cumulative register, a whole number in Wh times ten to the power of scale; after that from 0 to 10^15 Wh.",
                new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
                new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9]+$" }),
            ["scale"] = Whole(IngestLimits.ScaleMin, IngestLimits.ScaleMax,
                "Power of ten of the value; absent is 0, and 3 is a register in kWh. What is less than a Wh is cut off."),
            ["obis"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description =
                    "Register: 1.8.0 (import, what is charged; this if absent), 2.8.0 (export) or 3.8.0 (reactive energy, in varh), alone or within a full "
                        + "code such as 1-0:1.8.0*255."
            },
            ["unit"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("Wh")], Description = "Wh, whatever the scale." },
            ["q"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
                Description = "Quality: valid, manual, edited, estimated, questionable, derived, projected, or CIM codes such as 1.1.9.",
            },
            ["rev"] = Whole(0, byte.MaxValue, "Revision; a higher one replaces the value of the same instant."),
            ["seq"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int64",
                Minimum = "0",
                Description = "The sender's own count; checked, not used."
            },
            ["read_at"] = Instant("When the gateway read it; checked, not used."),
            ["ext"] = new OpenApiSchema { Description = "Anything, for the sender alone; passed over." },
        },
    };

    private static OpenApiSchema Instant(string description) => OneOf(
        description + " Milliseconds since 1970 in UTC, or RFC 3339 with an offset such as 2026-11-01T00:00:00+08:00.",
        new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
        new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });

    private static OpenApiSchema Whole(int min, int max, string description) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = min.ToString(CultureInfo.InvariantCulture),
        Maximum = max.ToString(CultureInfo.InvariantCulture),
        Description = description,
    };

    private static OpenApiSchema OneOf(string description, params OpenApiSchema[] forms) => new() { Description = description, OneOf = [.. forms] };
}
