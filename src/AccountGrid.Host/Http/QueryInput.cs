using System.Runtime.CompilerServices;
using AccountGrid.Domain;
using Microsoft.AspNetCore.Http.Metadata;

namespace AccountGrid.Host.Http;

/// <summary>
/// Checks the query of a request to the API against the parameters that its endpoint declares. The framework drops what is unknown or misspelt, and takes days
/// and instants in a dozen spellings and in the server's zone.
/// </summary>
internal static class QueryInput
{
    private static readonly ConditionalWeakTable<Endpoint, IParameterBindingMetadata[]> Known = [];

    /// <summary>What is wrong with the first parameter that is; null for a query that is right.</summary>
    public static Refusal? Check(HttpContext http)
    {
        if (!http.Request.QueryString.HasValue || http.GetEndpoint() is not RouteEndpoint endpoint
            || endpoint.RoutePattern.RawText?.StartsWith("/v1/", StringComparison.Ordinal) != true)
        {
            return null;
        }

        var known = Known.GetValue(endpoint, _ => ParametersOf(endpoint));
        foreach (var (name, values) in http.Request.Query)
        {
            if (known.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } parameter)
            {
                var right = known.Length == 0 ? "this endpoint takes none" : $"known are {string.Join(", ", known.Select(p => p.Name))}";
                return new(RequestRefusals.ParameterUnknown, $"{name}: there is no such parameter;{NearName.Asked(name, known.Select(p => p.Name))} {right}.");
            }

            if (values.Count > 1)
            {
                return new(RequestRefusals.ParameterDuplicate, $"{name}: the parameter is given twice; give it once.");
            }

            var type = TypeOf(parameter);
            var text = type == typeof(DateOnly) || type == typeof(DateTimeOffset) ? values.ToString() : "";
            if (text.Length > 0 && !(type == typeof(DateOnly) ? JsonInput.IsDay(text) : JsonInput.IsInstantText(text)))
            {
                return new(RequestRefusals.Invalid, $"{name}: '{text}' is not {Problems.RightFor(type.Name)}.");
            }
        }

        return null;
    }

    private static Type TypeOf(IParameterBindingMetadata parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterInfo.ParameterType) ?? parameter.ParameterInfo.ParameterType;

    private static IParameterBindingMetadata[] ParametersOf(RouteEndpoint endpoint) =>
        [
            .. endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
                .Where(p => (p.HasTryParse || TypeOf(p) == typeof(string)) && endpoint.RoutePattern.GetParameter(p.Name) is null)];
}
