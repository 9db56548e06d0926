using System.Security.Cryptography;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>
/// Style and script of the console, from this assembly. Their addresses have the hash of their content, so that a browser may keep them for ever.
/// </summary>
public static class ConsoleAssets
{
    private static readonly Dictionary<string, (byte[] Bytes, string Type)> Files = new()
    {
        ["console.css"] = (Read("console.css"), "text/css; charset=utf-8"),
        ["console.js"] = (Read("console.js"), "text/javascript; charset=utf-8"),
    };

    public static string Style { get; } = AddressOf("console.css");

    public static string Script { get; } = AddressOf("console.js");

    internal static IResult Of(string name, HttpContext http)
    {
        if (!Files.TryGetValue(name, out var file))
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(file.Bytes, file.Type);
    }

    private static string AddressOf(string name) =>
        $"{Security.OperatorSessionHandler.Path}/assets/{Convert.ToHexStringLower(SHA256.HashData(Files[name].Bytes))[..16]}/{name}";

    private static byte[] Read(string name)
    {
        using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream($"AccountGrid.Host.OperatorConsole.Assets.{name}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
