namespace AccountGrid.Host.Surveys;

/// <summary>What a customer answered.</summary>
/// <param name="Satisfaction">1 to 5.</param>
/// <param name="Effort">1 (very hard) to 7 (very easy); null is not answered.</param>
/// <param name="Comment">Free text, empty if none.</param>
/// <param name="WantsContact">A person is to call: it becomes a complaint.</param>
internal sealed record SurveyReply(int Satisfaction, int? Effort, string Comment, bool WantsContact)
{
    private const int CommentMax = 1_000;

    /// <summary>Reads a form; null if satisfaction is missing or a value is not one of its scale.</summary>
    public static SurveyReply? Read(IFormCollection form)
    {
        var comment = new string([.. form["comment"].ToString().Where(c => !char.IsControl(c) || c is '\n')]).Trim();
        return Scale(form["satisfaction"], 5, out var satisfaction) && satisfaction is { } given && Scale(form["effort"], 7, out var effort)
            && comment.Length <= CommentMax
            ? new(given, effort, comment, form["contact"] == "yes")
            : null;
    }

    private static bool Scale(string? text, int most, out int? value)
    {
        value = text is { Length: 1 } && text[0] >= '1' && text[0] - '0' <= most ? text[0] - '0' : null;
        return value is not null || string.IsNullOrEmpty(text);
    }
}
