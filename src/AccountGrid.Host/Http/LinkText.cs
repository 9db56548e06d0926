using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AccountGrid.Host.Http;

/// <summary>Links that are permissions by themselves, as others than their receivers see them: in a staff's view of a message, and in the log.</summary>
internal static partial class LinkText
{
    /// <summary>A text without the signed part of links in it: whoever has one could act for the customer.</summary>
    public static string Hide(string text) => Link().Replace(text, "/$1/…");

    /// <summary>
    /// What another server said, without links, however it spells them: cut off, with other signs for the slashes, over two lines, or the signed part alone.
    /// It takes out too much rather than too little.
    /// </summary>
    public static string HideInAnswer(string text) => Signed().Replace(Said().Replace(text, "/…"), "…");

    /// <summary>A request's path without what follows <c>/s/</c> or <c>/my/</c>, whatever it is: a link that was cut off tells most of itself, too.</summary>
    public static string HideInPath(string path) => Path().Replace(path, "$1…");

    /// <summary>Middleware: what is traced of a request has its path, which leaves the process where traces are collected.</summary>
    public static Task HideInTraceAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value ?? "";
        if (HideInPath(path) is var hidden && hidden != path && Activity.Current is { } activity)
        {
            activity.SetTag("url.path", hidden);
        }

        return next(http);
    }

    [GeneratedRegex(@"/(s|my)/([A-Za-z0-9_-]{43,}|\[\d+\])")]
    private static partial Regex Link();

    /// <summary>Behind a slash as it is or as addresses and HTML write it: all up to a space, and the first word of the next line.</summary>
    [GeneratedRegex(@"(?:/|%(?:25)*2F|&#(?:x2F|47);|=2F)(?:s|my)(?:/|%(?:25)*2F|&#(?:x2F|47);|=2F)\S*(?:[ \t]*\r?\n\s*\S+)?", RegexOptions.IgnoreCase)]
    private static partial Regex Said();

    [GeneratedRegex("[A-Za-z0-9_-]{43,}")]
    private static partial Regex Signed();

    [GeneratedRegex("^(/(?:s|my)/).+", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Path();
}
