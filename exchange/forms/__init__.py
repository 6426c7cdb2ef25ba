"""The forms of appendix 1 (政务服务事项梳理规范表式) as files of Word and Excel: out, and in again with a preview."""
