using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AccountGrid.Host.Http;

/// <summary>What the OpenAPI document says beyond its endpoints.</summary>
internal sealed class ApiDocument : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "AccountGrid";
        document.Info.Version = "v1";
        document.Info.Description =
            "Live balances of electricity accounts. Money is a decimal string with up to nine decimals and a named currency; instants are RFC 3339 in UTC; "
                + "days are yyyy-MM-dd in the account's zone. "
            + "Errors are RFC 9457 problems with a stable code. Keys and roles: a gateway pushes its own meters, a client queries and pays, a collector "
            + "works on an area, an account manager on their own customers, an auditor reads, an administrator may do all; a customer sees their own account "
            + "by a token that a client signed.";
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["key"] =
            new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, agk_..." };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
        foreach (var response in document.Paths.Values.SelectMany(p => p.Operations ?? []).SelectMany(o => o.Value.Responses ?? [])
            .Where(r => r.Key is "429" or "503").Select(r => r.Value).OfType<OpenApiResponse>())
        {
            (response.Headers ??= new Dictionary<string, IOpenApiHeader>())["Retry-After"] = new OpenApiHeader
            {
                Description = "Seconds to wait before the same request is sent again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" },
            };
        }

        foreach (var schema in document.Components.Schemas?.Values ?? [])
        {
            Straighten(schema);
        }

        return Task.CompletedTask;
    }

    /// <summary>Descriptions come from comments, whose line breaks mean nothing.</summary>
    private static void Straighten(IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema own)
        {
            return;
        }

        own.Description = own.Description is { } text ? string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : null;
        foreach (var inner in (own.Properties?.Values ?? []).Concat([own.Items, own.AdditionalProperties]).OfType<OpenApiSchema>())
        {
            Straighten(inner);
        }

        foreach (var part in (own.OneOf ?? []).Concat(own.AnyOf ?? []).Concat(own.AllOf ?? []))
        {
            Straighten(part);
        }
    }
}
