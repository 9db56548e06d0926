using AccountGrid.Domain.State;

namespace AccountGrid.Host.Surveys;

/// <summary>The words of a survey's page in one language.</summary>
internal sealed record SurveyTexts(
    string Language, string Title, string Intro, string VeryDissatisfied, string VerySatisfied, string Effort, string VeryHard, string VeryEasy, string Comment,
    string Contact, string Send, string Thanks, string Already, string Expired, string Unknown, string Incomplete, string Other,
    IReadOnlyDictionary<SurveyOccasion, string> Satisfaction)
{
    public static SurveyTexts Chinese { get; } = new(
        "zh-CN", "服务评价", "仅三个问题，不记名显示。请勿填写姓名、电话等个人信息。", "很不满意", "很满意", "办理过程是否方便？（选填）", "很不方便", "很方便",
        "您还有什么想告诉我们的？（选填，最多1000字）", "请工作人员就此与我联系", "提交", "感谢您的评价！", "您已评价过，感谢您的参与。", "该链接已过期。", "该链接无效。",
        "请选择满意度，并检查所填内容（意见最多1000字）。", "English",
        new Dictionary<SurveyOccasion, string>
        {
            [SurveyOccasion.Payment] = "您对本次缴费是否满意？",
            [SurveyOccasion.Case] = "您对本次问题的处理是否满意？",
            [SurveyOccasion.Restore] = "您对本次恢复供电是否满意？",
            [SurveyOccasion.Area] = "您对我们的供电服务是否满意？",
        });

    public static SurveyTexts English { get; } = new(
        "en", "How was our service?", "Three questions. Answers are shown without names. Please write no names or telephone numbers.", "very dissatisfied",
        "very satisfied", "How easy was it? (optional)", "very hard", "very easy",
        "Is there anything else that you want to tell us? (optional, at most 1,000 characters)",
        "Please contact me about this", "Send", "Thank you for your answer.", "You have answered already. Thank you.", "This link has expired.",
        "This link is not valid.", "Please choose how satisfied you are, and check what you wrote (at most 1,000 characters).", "中文",
        new Dictionary<SurveyOccasion, string>
        {
            [SurveyOccasion.Payment] = "How satisfied are you with this payment?",
            [SurveyOccasion.Case] = "How satisfied are you with how we handled your matter?",
            [SurveyOccasion.Restore] = "How satisfied are you with how your supply was restored?",
            [SurveyOccasion.Area] = "How satisfied are you with our service?",
        });

    /// <summary>The texts of a language; without one, Chinese.</summary>
    public static SurveyTexts Of(string? language) => language?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true ? English : Chinese;
}
